#include "tests/chaos/ledger.h"

#include <algorithm>

namespace chaos {
namespace {

constexpr std::string_view job_prefix = "{set-accounts}:job:";
constexpr std::string_view owed_prefix = "{set-accounts}:owed:";

/// What nobody may change once it is final.
constexpr const char* settled_fields[] = {"state",          "finishedAt",    "output",           "attempt",
                                          "claim",          "worker",        "resourcesFailed",  "resourcesUnchanged",
                                          "resourcesTotal", "resourcesGone", "resourcesUpdated", "resourcesWritten"};

bool waits_to_retry(const Life& life) {
  return !life.tenures.empty() && life.tenures.back().ended_as == "scheduled";
}

}  // namespace

void Ledger::take(const std::vector<queue::Command>& transaction) {
  before_.clear();
  touched_.clear();
  swept_.clear();
  for (const queue::Command& command : transaction) apply(command);
  for (const std::string& id : touched_) note_change(id, before_[id], records_[id]);
}

void Ledger::apply(const queue::Command& command) {
  if (command.size() < 2) return;
  const std::string& verb = command[0];
  const std::string& key = command[1];
  if (verb == "SADD" && key.starts_with(owed_prefix)) return note_owed(key.substr(owed_prefix.size()));
  if (!key.starts_with(job_prefix) || key.ends_with(":failures")) return;
  const std::string id = key.substr(job_prefix.size());
  Fields& record = records_[id];
  if (before_.emplace(id, record).second) touched_.push_back(id);
  if (verb == "HSET" || verb == "HMSET" || verb == "HSETNX")
    for (std::size_t i = 2; i + 1 < command.size(); i += 2) {
      record[command[i]] = command[i + 1];
      if (command[i] == "leasesLost") swept_.insert(id);  // only the sweep writes it
    }
  if (verb == "HINCRBY") record[command[2]] = std::to_string(number(record, command[2]) + std::stol(command[3]));
  if (verb == "HDEL")
    for (std::size_t i = 2; i < command.size(); ++i) record.erase(command[i]);
  if (verb == "DEL" || verb == "UNLINK") record.clear();
}

void Ledger::note_owed(const std::string& target) {
  const auto line = lines_.find(target);
  if (line != lines_.end() && !line->second.empty()) owing_.insert(line->second.front());
}

void Ledger::note_change(const std::string& id, const Fields& before, const Fields& after) {
  Life& life = lives_[id];
  if (before.empty()) life.taken_in = lives_.size();
  life.record = after;
  const std::string from = text(before, "state");
  const std::string to = text(after, "state");
  const bool claimed_anew = to == "running" && text(before, "claim") != text(after, "claim");
  if (is_final(from) && to != "queued") {
    for (const char* name : settled_fields)
      if (text(before, name) != text(after, name)) complain(id, std::string(name) + " changed after the end");
    return;
  }
  if (from == "running" && (to != "running" || claimed_anew)) note_end_of_tenure(id, life, after);
  if (to == "queued" && from != "running" && from != "queued" && !(from == "scheduled" && waits_to_retry(life)))
    join_line(id, after);
  if (claimed_anew) note_beginning(id, life, after);
  if (is_final(to) && !is_final(from)) note_ending(id, life, after);
  if (is_final(to)) std::erase(lines_[text(after, "target")], id);
  if (from != to && to.empty()) complain(id, "its record is gone");
}

void Ledger::note_beginning(const std::string& id, Life& life, const Fields& record) {
  const std::vector<std::string>& line = lines_[text(record, "target")];
  if (line.empty() || line.front() != id)
    complain(id, "runs although " + (line.empty() ? "it is in no line" : line.front() + " is before it"));
  Tenure& tenure = life.tenures.emplace_back();
  tenure.worker = text(record, "worker");
  tenure.began = number(record, "startedAt");
}

void Ledger::note_end_of_tenure(const std::string& id, Life& life, const Fields& record) {
  if (life.tenures.empty()) return complain(id, "was running and never began");
  Tenure& tenure = life.tenures.back();
  const std::string state = text(record, "state");
  tenure.ended = number(record, state == "running" ? "startedAt" : "updatedAt");
  tenure.ended_as = state;
  tenure.got_to = number(record, "resourcesUpdated");
  tenure.lease_lost = swept_.contains(id);
}

void Ledger::note_ending(const std::string& id, Life& life, const Fields& record) {
  Ending ending;
  ending.order = endings_++;
  ending.at = number(record, "finishedAt");
  ending.record = record;
  ending.tenures = life.tenures.size();
  ending.owed = owing_.erase(id) > 0;
  life.endings.push_back(std::move(ending));
}

void Ledger::join_line(const std::string& id, const Fields& record) {
  lines_[text(record, "target")].push_back(id);
}

void Ledger::complain(const std::string& id, const std::string& what) {
  wrong_.push_back(id + ": " + what);
}

std::string text(const Fields& record, const std::string& name) {
  const auto found = record.find(name);
  return found == record.end() ? "" : found->second;
}

long number(const Fields& record, const std::string& name) {
  const std::string value = text(record, name);
  return value.empty() ? 0 : std::stol(value);
}

bool is_final(const std::string& state) {
  return state == "completed" || state == "failed" || state == "cancelled";
}

}  // namespace chaos
