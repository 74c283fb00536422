#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <string>

#include "fhir/stop.h"
#include "worker/awaitable.h"

namespace worker::http {

/// The same texts for all who listen. Only the last few are kept, once for everybody: whoever falls behind misses some
/// and is told so, and costs no memory.
class Broadcast {
 public:
  explicit Broadcast(fhir::Executor executor) : executor_(std::move(executor)) {}
  Broadcast(const Broadcast&) = delete;
  Broadcast& operator=(const Broadcast&) = delete;

  void say(std::string text);

  /// How far one listener has come; the broadcast outlives it.
  class Place {
   public:
    /// Hears what is said from now on.
    explicit Place(Broadcast& broadcast) : broadcast_(broadcast), next_(broadcast.said_) {}

    struct Heard {
      std::string text;     ///< all that was said since; empty: nothing within that time
      bool missed = false;  ///< something before it
    };
    /// Waits until something is said, at most so long.
    Awaitable<Heard> hear(std::chrono::milliseconds longest);

   private:
    Broadcast& broadcast_;
    std::uint64_t next_;
  };

 private:
  fhir::Executor executor_;
  std::deque<std::string> last_;
  std::uint64_t said_ = 0;  ///< how many texts; the last of them are kept
  std::list<fhir::Timer*> waiting_;
};

}  // namespace worker::http
