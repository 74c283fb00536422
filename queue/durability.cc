#include "queue/durability.h"

#include <charconv>
#include <string>

namespace queue {
namespace {

/// The value of `name:value` at the beginning of a line; empty if it is not there.
std::string_view value_of(std::string_view info, const std::string& name) {
  const std::string key = name + ":";
  for (std::size_t at = info.find(key); at != std::string_view::npos; at = info.find(key, at + 1)) {
    if (at != 0 && info[at - 1] != '\n') continue;
    const auto begin = at + key.size();
    return info.substr(begin, info.find_first_of("\r\n", begin) - begin);
  }
  return {};
}

/// Reads a number and the dot behind it off the front of the text.
int next_number(std::string_view& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with('.')) text.remove_prefix(1);
  return number;
}

bool knows_waitaof(std::string_view info) {
  std::string_view version = value_of(info, "redis_version");
  const int major = next_number(version);
  const int minor = next_number(version);
  return major > 7 || (major == 7 && minor >= 2);
}

}  // namespace

Durability durability_of(std::string_view info) {
  return {.append_only_acknowledged = value_of(info, "aof_enabled") == "1" && knows_waitaof(info),
          .replicas = info.find("state=online") != std::string_view::npos};
}

std::vector<Command> wait_commands(Durability durability, std::chrono::milliseconds limit) {
  const std::string timeout = std::to_string(limit.count());
  std::vector<Command> commands;
  if (durability.append_only_acknowledged) commands.push_back({"WAITAOF", "1", "0", timeout});
  if (durability.replicas) commands.push_back({"WAIT", "1", timeout});
  return commands;
}

bool acknowledged(Durability durability, std::span<const Reply> replies) {
  if (durability.append_only_acknowledged) {
    if (replies.empty() || replies[0].items.empty() || replies[0].items[0].number < 1) return false;
    replies = replies.subspan(1);
  }
  return !durability.replicas || (!replies.empty() && replies[0].number >= 1);
}

}  // namespace queue
