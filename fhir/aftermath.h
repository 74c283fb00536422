#pragma once

#include <functional>
#include <string>

#include "fhir/client.h"
#include "fhir/retry.h"
#include "fhir/rights.h"
#include "fhir/sender.h"

namespace fhir {

/// What follows each try of one request: its answer, another try, or the end.
class Aftermath {
 public:
  struct Next {
    enum class Step {
      answer,  ///< this is it
      again,   ///< try again
      retry,   ///< try again after the pause, and when the budget pays for it
      ask,     ///< how the server receives us, and then after_asking()
    };
    Step step = Step::again;
    Clock::duration pause{};
    Response response;  ///< that is the answer
  };

  /// Everything outlives it. `chance` draws from [0, 1).
  Aftermath(const Request& request, Sender& sender, const RetryPolicy& policy, std::function<double()> chance)
      : request_(request), sender_(sender), policy_(policy), chance_(std::move(chance)), patience_(policy) {}

  /// All throw RequestFailed or ServerUnavailable when there is no point in another try.
  Next after(Try last);
  /// It was in doubt whether the last try's failure was its own or everybody's.
  Next after_asking(Reception reception);
  /// So long it waited to be paid for; `paid`: it was.
  void waited(Clock::duration time, bool paid);

  Clock::duration patience_left() const { return patience_.left(); }
  const std::string& token() const { return last_.token; }
  /// Of the last try, if it is followed by another.
  RetryCause cause() const { return cause_of_retry(last_); }

 private:
  Next after_silence();
  Next after_401();
  Next after_429();
  Next after_redirect(Reception reception);
  Next after_trouble();
  Next after_answer();
  Next after_foreign_answer();
  Next again(const std::string& why);
  Next after_pause(const std::string& why, Clock::duration pause);
  void count_failure();
  [[noreturn]] void blame_token();
  [[noreturn]] void give_up(const std::string& why) const;

  const Request& request_;
  Sender& sender_;
  const RetryPolicy& policy_;
  std::function<double()> chance_;
  Patience patience_;
  Try last_;
  std::string last_trouble_;
  bool token_renewed_ = false;
};

}  // namespace fhir
