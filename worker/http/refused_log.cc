#include "worker/http/refused_log.h"

#include "worker/log.h"

namespace worker::http {

void RefusedLog::note(std::string_view why, std::chrono::steady_clock::time_point now) {
  ++not_told_;
  if (now < next_) return;
  log::event(log::Level::warning, "connections turned away", {{"count", not_told_}, {"why", why}});
  not_told_ = 0;
  next_ = now + std::chrono::seconds(1);
}

}  // namespace worker::http
