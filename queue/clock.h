#pragma once

#include <chrono>

#include <boost/asio/basic_waitable_timer.hpp>

#include "queue/awaitable.h"

namespace queue {

using Clock = std::chrono::steady_clock;
using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor>;

}  // namespace queue
