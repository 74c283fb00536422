#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace config {

/// What is asked for, one struct a command. Targets, references and job ids are as typed: their grammar is not known
/// here.

struct Work {};
struct Check {};

struct Enqueue {
  std::string target;
  std::string from;                   ///< a file with one target a line instead, or `-`
  std::vector<std::string> accounts;  ///< exactly one empty one: remove all accounts
  bool propagate = false;
  bool dry_run = false;
  bool watch = false;
  std::optional<int> priority;
  std::optional<std::chrono::milliseconds> delay;
  std::optional<int> max_attempts;
  std::string verify;  ///< empty: as the daemon is set
  std::string batch;
  std::string id;
};

struct Status {
  std::string job;
  std::string batch;  ///< instead of a job
  bool watch = false;
  bool json = false;
};

struct Jobs {
  std::string state;  ///< empty: all
  std::size_t limit = 20;
  bool json = false;
};

struct Cancel {
  std::string job;
};
struct Retry {
  std::string job;
};
struct Pause {};
struct Resume {};

struct Owed {
  std::string target;
  std::string forgive;  ///< an account to take out; empty: show only
};

/// --help or --version: what to print, and nothing else to do.
struct Answer {
  std::string text;
};

using Command = std::variant<Answer, Work, Check, Enqueue, Status, Jobs, Cancel, Retry, Pause, Resume, Owed>;

}  // namespace config
