#include "tests/chaos/crew.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace chaos {
namespace {

using namespace std::chrono_literals;

constexpr auto end_limit = 30s;  ///< SIGTERM's grace and some more

std::filesystem::path log_of(const std::filesystem::path& folder, std::size_t fate) {
  return folder / ("worker-" + std::to_string(fate) + ".log");
}

std::string worker_in(const std::string& line) {
  constexpr std::string_view label = "worker started worker=";
  const std::size_t at = line.find(label);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + label.size();
  return line.substr(begin, line.find(' ', begin) - begin);
}

/// `completed ID`, of an audit line.
std::string audited_in(const std::string& line) {
  const std::string level = " audit   job ", field = " job=";
  const auto at = line.find(level);
  const auto job = line.find(field);
  if (at == std::string::npos || job == std::string::npos) return {};
  const auto state = at + level.size(), id = job + field.size();
  return line.substr(state, line.find(' ', state) - state) + " " + line.substr(id, line.find(' ', id) - id);
}

bool tells_of_a_crash(const std::string& line) {
  constexpr std::array signs{"terminate called", "Assertion", "AddressSanitizer", "runtime error", "LeakSanitizer"};
  return std::ranges::any_of(signs, [&](const char* sign) { return line.find(sign) != std::string::npos; });
}

}  // namespace

Crew::Crew(std::vector<std::string> command, std::filesystem::path folder)
    : command_(std::move(command)), folder_(std::move(folder)) {
  for (int i = 0; i < workers; ++i) slots_.push_back(recruit());
}

void Crew::kill(unsigned slot) {
  look();
  Member& member = in(slot);
  fates_[member.fate].killed = now();
  member.process->signal(SIGKILL);
  member.process->wait();
  member = recruit();
}

void Crew::terminate(unsigned slot) {
  look();
  Member& member = in(slot);
  fates_[member.fate].terminated = now();
  member.process->signal(SIGTERM);
  member.process->signal(SIGCONT);
  leaving_.push_back(std::exchange(member, recruit()));
}

void Crew::stop(unsigned slot) {
  Member& member = in(slot);
  fates_[member.fate].stopped.push_back(now());
  member.process->signal(SIGSTOP);
}

void Crew::resume(unsigned slot) {
  in(slot).process->signal(SIGCONT);
}

void Crew::look() {
  for (Member& member : slots_) {
    if (member.process->running()) continue;
    fates_[member.fate].wrong.push_back("ended by itself with " + std::to_string(member.process->wait()));
    member = recruit();
  }
}

void Crew::resume_all() {
  for (Member& member : slots_) member.process->signal(SIGCONT);
}

void Crew::dismiss() {
  look();
  for (Member& member : slots_) {
    member.process->signal(SIGTERM);
    leaving_.push_back(std::move(member));
  }
  slots_.clear();
  for (Member& member : leaving_) await_end(member);
  leaving_.clear();
  for (std::size_t i = 0; i < fates_.size(); ++i) read_log(i);
}

/// The shell becomes the worker, whose stderr is then a file that never is full.
Crew::Member Crew::recruit() {
  const std::size_t fate = fates_.size();
  Fate& begun = fates_.emplace_back();
  begun.started = now();
  std::vector<std::string> command{"sh", "-c", R"(log=$1; shift; exec "$@" 2>"$log")", "sh", log_of(folder_, fate)};
  command.insert(command.end(), command_.begin(), command_.end());
  return {std::make_unique<test::ChildProcess>(std::move(command)), fate};
}

void Crew::await_end(Member& member) {
  Fate& fate = fates_[member.fate];
  try {
    fate.exit_code = member.process->wait(end_limit);
  } catch (const std::runtime_error&) {
    fate.wrong.emplace_back("did not end after SIGTERM");
  }
}

void Crew::read_log(std::size_t fate) {
  std::ifstream log(log_of(folder_, fate));
  Fate& told = fates_[fate];
  for (std::string line; std::getline(log, line);) {
    if (told.worker.empty()) told.worker = worker_in(line);
    if (line.find("job claimed") != std::string::npos) told.claimed = true;
    const std::string ending = audited_in(line);
    if (!ending.empty()) told.audited.insert(ending);
    if (tells_of_a_crash(line)) told.wrong.push_back(line);
  }
}

}  // namespace chaos
