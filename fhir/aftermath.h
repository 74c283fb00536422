#pragma once

#include <functional>
#include <optional>
#include <string>

#include "fhir/client.h"
#include "fhir/retry.h"
#include "fhir/sender.h"

namespace fhir {

/// What follows each try of one request: its answer, another try, or the end.
class Aftermath {
 public:
  struct Next {
    std::optional<Response> response;  ///< this is the answer
    Clock::duration pause{};           ///< else try again after this
  };

  /// Everything outlives it. `chance` draws from [0, 1).
  Aftermath(const Request& request, Sender& sender, const RetryPolicy& policy, std::function<double()> chance)
      : request_(request), sender_(sender), policy_(policy), chance_(std::move(chance)), patience_(policy) {}

  /// Throws RequestFailed or ServerUnavailable when there is no point in another try.
  Next after(Try last);

 private:
  Next after_silence(const Try& last, const TransportError& silence);
  Next after_401(const Try& last);
  Next after_429(const Try& last);
  Next after_trouble(Try& last);
  Next after_answer(Try& last);
  Next again(const Try& last, const std::string& why);
  Next after_pause(const Try& last, const std::string& why, Clock::duration pause);
  [[noreturn]] void give_up(const Try& last, const std::string& why) const;

  const Request& request_;
  Sender& sender_;
  const RetryPolicy& policy_;
  std::function<double()> chance_;
  Patience patience_;
  bool token_renewed_ = false;
};

}  // namespace fhir
