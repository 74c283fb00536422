#pragma once

#include <boost/asio/io_context.hpp>

namespace faults {

/// An io_context that dies like a process: what its coroutines wait for never comes, their frames are destroyed where
/// they stand, and their sockets are closed.
class KillableContext : public boost::asio::io_context {
 public:
  KillableContext() : boost::asio::io_context(1) {}

  /// To be called while everything still lives that the frames refer to. Nothing runs here any more.
  void kill() {
    shutdown();
    shutdown();  // frames that died may have woken others, which die now
  }
};

}  // namespace faults
