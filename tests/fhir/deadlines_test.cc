#include "fhir/deadlines.h"

#include <array>
#include <optional>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using boost::system::error_code;

/// Two ends of a connection, of which one never says anything.
class DeadlinesTest : public testing::Test {
 protected:
  DeadlinesTest() {
    ours.connect(acceptor.local_endpoint());
    acceptor.accept(theirs);
  }

  /// Begins to read, and runs until it is known how that ends.
  error_code read() {
    std::optional<error_code> ended;
    ours.async_read_some(boost::asio::buffer(bytes), [&](error_code error, std::size_t) { ended = error; });
    while (!ended) io.run_one();
    return *ended;
  }

  boost::asio::io_context io{1};
  fhir::Deadlines deadlines{io.get_executor()};
  tcp::acceptor acceptor{io, {boost::asio::ip::address_v4::loopback(), 0}};
  fhir::Socket ours{io.get_executor()}, theirs{io.get_executor()};
  std::array<char, 16> bytes{};
};

TEST_F(DeadlinesTest, CancelWhatTheSocketIsAt) {
  const auto begin = fhir::Clock::now();
  const fhir::Deadlines::Watch watch(deadlines, ours, begin + 20ms);
  EXPECT_EQ(read(), boost::asio::error::operation_aborted);
  EXPECT_TRUE(watch.expired());
  EXPECT_GE(fhir::Clock::now() - begin, 20ms);
}

TEST_F(DeadlinesTest, CancelWhatItBeginsAfterwards) {
  const fhir::Deadlines::Watch watch(deadlines, ours, fhir::Clock::now() + 1ms);
  while (!watch.expired()) io.run_one();
  EXPECT_EQ(read(), boost::asio::error::operation_aborted);
  EXPECT_EQ(read(), boost::asio::error::operation_aborted) << "and again";
}

TEST_F(DeadlinesTest, AreEachItsOwnWhateverTheirOrder) {
  const auto begin = fhir::Clock::now();
  const fhir::Deadlines::Watch late(deadlines, theirs, begin + 1h);
  const fhir::Deadlines::Watch early(deadlines, ours, begin + 5ms);
  EXPECT_EQ(read(), boost::asio::error::operation_aborted);
  EXPECT_TRUE(early.expired());
  EXPECT_FALSE(late.expired());
}

TEST_F(DeadlinesTest, DoNothingToWhatWasDoneInTime) {
  {
    const fhir::Deadlines::Watch watch(deadlines, ours, fhir::Clock::now() + 5ms);
    EXPECT_FALSE(watch.expired());
  }
  std::optional<error_code> ended;
  ours.async_read_some(boost::asio::buffer(bytes), [&](error_code error, std::size_t) { ended = error; });
  io.run_for(30ms);
  EXPECT_FALSE(ended);
}

}  // namespace
