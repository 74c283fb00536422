#include <ostream>

#include "worker/cli/commands.h"

namespace worker::cli {
namespace {

queue::Awaitable<int> pause(bool paused, Session& session) {
  co_await session.producer.pause(paused);
  session.out << (paused ? "pause requested: no more jobs are started, running ones go on (set-accounts resume)\n"
                         : "resume requested: jobs are started again\n");
  co_return 0;
}

}  // namespace

Errand prepare(const config::Pause& /*asked*/) {
  return [](Session& session) { return pause(true, session); };
}

Errand prepare(const config::Resume& /*asked*/) {
  return [](Session& session) { return pause(false, session); };
}

}  // namespace worker::cli
