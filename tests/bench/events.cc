#include "tests/bench/events.h"

#include <stdexcept>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

std::string member(const std::string& name, const std::string& value) {
  std::string text = "\"";
  return text.append(name).append("\":\"").append(value).append("\"");
}

bool says(const queue::Reply& message, const std::string& text) {
  return message.items.size() == 3 && message.items[2].text.find(text) != std::string::npos;
}

}  // namespace

Events::Events(const std::filesystem::path& socket) : connection_(socket) {
  connection_.ask({"SUBSCRIBE", "{set-accounts}:events"});
}

Clock::time_point Events::wait_for(const std::string& job, const std::string& state) {
  const auto limit = Clock::now() + 60s;
  const std::string its_id = member("id", job);
  const std::string its_state = member("state", state);
  const std::string was_never_said = "job " + job + " was not " + state + " within a minute";
  for (;;) {
    const auto message = connection_.next(limit);
    if (!message) throw std::runtime_error(was_never_said);
    if (says(*message, its_id) && says(*message, its_state)) return Clock::now();
  }
}

void Events::stop() {
  forget_the_past();
  connection_.ask({"UNSUBSCRIBE"});
}

void Events::forget_the_past() {
  connection_.send({"PING", "all of the past is behind this"});
  for (;;) {
    const auto message = connection_.next(Clock::now() + 10s);
    if (!message) throw std::runtime_error("Redis does not answer");
    if (!message->items.empty() && message->items[0].text == "pong") return;
  }
}

}  // namespace bench
