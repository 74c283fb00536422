#pragma once

#include <chrono>
#include <cstddef>

namespace worker::http {

/// What one server grants those who come to it; whoever asks for more is refused and counted.
struct Limits {
  std::size_t head = std::size_t{16} * 1024;           ///< bytes of request line and fields
  std::size_t fields = 100;                            ///< lines of the head
  std::size_t body = 1'000'000;                        ///< bytes of one body (Medplum's maxJsonSize is 1 MB)
  std::size_t bodies = std::size_t{64} * 1024 * 1024;  ///< bytes of all bodies that are being received

  std::chrono::milliseconds head_time = std::chrono::seconds(10);  ///< from its first byte; of a new connection: at all
  std::chrono::milliseconds body_time = std::chrono::seconds(30);  ///< the whole body
  std::chrono::milliseconds idle_time = std::chrono::seconds(75);  ///< between two requests
  std::chrono::milliseconds write_time = std::chrono::seconds(30);  ///< for each piece of an answer
  std::chrono::milliseconds linger_time = std::chrono::seconds(2);  ///< to read the last answer and hang up

  std::size_t connections = 1024;         ///< never more than half of the files that may be open
  std::size_t connections_of_peer = 512;  ///< from one address (of IPv6: one network of 64 bits)
  std::size_t requests = 256;             ///< with handlers at once, those that are waited for among them
  std::size_t event_streams = 64;         ///< open at once
  std::size_t callers = 10'000;           ///< whose rate is remembered
};

}  // namespace worker::http
