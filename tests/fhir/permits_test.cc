#include "fhir/permits.h"

#include <list>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <gtest/gtest.h>

#include "fhir/listed.h"

namespace {

using namespace fhir;

class PermitsTest : public testing::Test {
 protected:
  /// Waits for a permit and keeps it until told to end.
  Awaitable<void> hold(std::uint64_t share) {
    const auto permit = co_await permits.acquire(share);
    granted.push_back(share);
    Timer end(io.get_executor(), Clock::time_point::max());
    const Listed listed(holding, end);
    boost::system::error_code cancelled;
    co_await end.async_wait(boost::asio::redirect_error(use_awaitable, cancelled));
  }
  void start(std::uint64_t share) {
    boost::asio::co_spawn(io.get_executor(), hold(share), [this](const std::exception_ptr&) { ++over; });
    io.restart();
    io.poll();
  }
  /// The one that has held longest gives back.
  void end_one() {
    holding.front()->cancel();
    io.restart();
    io.poll();
  }

  boost::asio::io_context io{1};
  Permits permits{io.get_executor(), 2};
  std::vector<std::uint64_t> granted;
  std::list<Timer*> holding;
  int over = 0;
};

TEST_F(PermitsTest, NeverHasMoreOutThanTheLimit) {
  for (int i = 0; i < 50; ++i) start(1);
  EXPECT_EQ(permits.in_flight(), 2U);
  for (int i = 0; i < 50; ++i) {
    EXPECT_LE(permits.in_flight(), 2U);
    end_one();
  }
  EXPECT_EQ(permits.in_flight(), 0U);
  EXPECT_EQ(over, 50);
}

TEST_F(PermitsTest, ServesTheSharesInTurn) {
  for (int i = 0; i < 8; ++i) start(1);
  start(2);
  start(2);
  start(3);
  for (int i = 0; i < 9; ++i) end_one();
  EXPECT_EQ(granted, (std::vector<std::uint64_t>{1, 1, 1, 2, 3, 1, 2, 1, 1, 1, 1}));
  while (!holding.empty()) end_one();
}

TEST_F(PermitsTest, FollowsAMovingLimit) {
  for (int i = 0; i < 6; ++i) start(1);
  permits.set_limit(4);
  io.restart();
  io.poll();
  EXPECT_EQ(permits.in_flight(), 4U);
  permits.set_limit(1);
  for (int i = 0; i < 3; ++i) end_one();
  EXPECT_EQ(permits.in_flight(), 1U);
  EXPECT_EQ(granted.size(), 4U);
  while (!holding.empty()) end_one();
  EXPECT_EQ(permits.in_flight(), 0U);
}

TEST_F(PermitsTest, LosesNoneToACancelledWaiter) {
  start(1);
  start(1);
  boost::asio::cancellation_signal signal;
  boost::asio::co_spawn(io.get_executor(), hold(2),
                        boost::asio::bind_cancellation_slot(signal.slot(), [this](const std::exception_ptr& error) {
                          EXPECT_TRUE(error);
                          ++over;
                        }));
  start(3);
  signal.emit(boost::asio::cancellation_type::terminal);
  io.restart();
  io.poll();
  end_one();
  EXPECT_EQ(granted, (std::vector<std::uint64_t>{1, 1, 3})) << "the cancelled one has left the line";
  while (!holding.empty()) end_one();
  EXPECT_EQ(permits.in_flight(), 0U);
}

TEST_F(PermitsTest, PassesOnAPermitGrantedToOneThatIsCancelledInTheSameTurn) {
  start(1);
  start(1);
  boost::asio::cancellation_signal signal;
  boost::asio::co_spawn(
      io.get_executor(), hold(2),
      boost::asio::bind_cancellation_slot(signal.slot(), [this](const std::exception_ptr&) { ++over; }));
  start(3);
  permits.set_limit(3);
  signal.emit(boost::asio::cancellation_type::terminal);
  io.restart();
  io.poll();
  EXPECT_EQ(granted.back(), 3U);
  while (!holding.empty()) end_one();
  EXPECT_EQ(permits.in_flight(), 0U);
}

}  // namespace
