#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "worker/http/refusal.h"
#include "worker/http/route.h"

namespace worker::http {

/// Why a connection was not served.
enum class Turned { too_many, too_many_of_peer, no_handshake };
inline constexpr std::size_t turns = 3;

/// What the server has done since it started, and what it is at.
struct ServerCounts {
  std::uint64_t accepted = 0;  ///< connections
  std::uint64_t open = 0;
  std::array<std::uint64_t, turns> turned_away{};  ///< by Turned

  std::uint64_t in_flight = 0;                                 ///< requests with handlers
  std::uint64_t event_streams = 0;                             ///< open
  std::array<std::array<std::uint64_t, 5>, routes> answers{};  ///< by Route and the status's first digit, less one
  std::array<std::uint64_t, refusals> refused{};               ///< by Refusal, answered or not
  std::uint64_t bytes_received = 0, bytes_sent = 0;            ///< of HTTP
};

/// Counts something for as long as it lasts.
class Counted {
 public:
  explicit Counted(std::uint64_t& count) : count_(count) { ++count_; }
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  std::uint64_t& count_;
};

}  // namespace worker::http
