#include "worker/concurrency.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/support/run.h"

namespace {

using fhir::Awaitable;
using fhir::Stop;
using fhir::Timer;
using namespace std::chrono_literals;

Awaitable<void> pause(std::chrono::milliseconds time) {
  const auto executor = co_await boost::asio::this_coro::executor;
  Timer timer(executor, time);
  co_await timer.async_wait(fhir::use_awaitable);
}

Awaitable<void> fail_after(std::chrono::milliseconds time) {
  co_await pause(time);
  throw std::runtime_error("broken");
}

Awaitable<void> finish_what_is_in_flight(Stop& stop, int& finished) {
  for (;;) {
    stop.check();
    co_await pause(30ms);
    ++finished;
  }
}

Awaitable<void> run_gently(Stop& stop, int& finished) {
  worker::GentleGroup group(stop);
  for (int n = 0; n < 4; ++n) group.add(finish_what_is_in_flight(stop, finished));
  group.add(fail_after(5ms));
  co_await group.run();
}

TEST(GentleGroup, LetsWhatIsInFlightEndWhenOneFails) {
  boost::asio::io_context io(1);
  Stop stop;
  int finished = 0;
  EXPECT_THROW(test::run(io, run_gently(stop, finished)), std::runtime_error);
  EXPECT_EQ(finished, 4);
  EXPECT_TRUE(stop.requested());
}

Awaitable<void> lose_the_lease(Stop& stop, int& finished) {
  co_await worker::guarded(run_gently(stop, finished), fail_after(1ms));
}

TEST(GentleGroup, AbortsEverythingWhenItIsCancelled) {
  boost::asio::io_context io(1);
  Stop stop;
  int finished = 0;
  EXPECT_THROW(test::run(io, lose_the_lease(stop, finished)), std::runtime_error);
  EXPECT_EQ(finished, 0);
}

TEST(AllOf, ReturnsForNothing) {
  boost::asio::io_context io(1);
  EXPECT_NO_THROW(test::run(io, worker::all_of({})));
}

TEST(Stop, RefusesToBeginAnythingAfterItsEnd) {
  Stop stop;
  stop.ends_at(fhir::Clock::now() + 1h);
  EXPECT_NO_THROW(stop.check());
  stop.ends_at(fhir::Clock::now() - 1ms);
  EXPECT_THROW(stop.check(), fhir::Stopped);
}

}  // namespace
