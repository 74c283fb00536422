#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "fhir/signal.h"
#include "fhir/stop.h"
#include "worker/awaitable.h"
#include "worker/http/front_door/recent_answers.h"

namespace worker::http::front_door {

/// Questions to somebody else, asked once for all who want to know the same at the same time or a little later.
class Questions {
 public:
  using Ask = std::function<Awaitable<Said>()>;

  /// `key` tells questions apart. Where whoever asks is cancelled, the next who waits asks.
  Awaitable<Said> answer(std::string key, Ask ask);

 private:
  class Asking;

  RecentAnswers answers_;
  std::map<std::string, std::shared_ptr<fhir::Signal>> open_;  ///< also theirs who wait for it
  fhir::Stop never_;
};

}  // namespace worker::http::front_door
