#include <algorithm>
#include <cmath>
#include <sstream>

#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

std::string zset_of(const std::string& state) {
  if (state == "queued") return "waiting";
  return state == "scheduled" || state == "running" ? state : "finished";
}

bool finished(const Fields& job) {
  return zset_of(text(job, "state")) == "finished";
}

/// A finished job whose record has expired waits in `finished` and `jobs` until it is forgotten.
void check_places(const Snapshot& keys, std::ostream& wrong) {
  for (const char* zset : {"waiting", "scheduled", "running", "finished", "jobs"})
    for (const auto& [id, score] : keys.zset(zset)) {
      const bool may_be_gone = keys.zset("finished").contains(id);
      if (!keys.has("job:" + id)) {
        if (!may_be_gone) wrong << id << " in " << zset << " has no record\n";
      } else if (zset != std::string("jobs") && zset_of(text(keys.job(id), "state")) != zset) {
        wrong << id << " is " << text(keys.job(id), "state") << " but in " << zset << "\n";
      }
    }
  const Scores& by_age = keys.zset("jobs");
  for (const auto& id : keys.jobs()) {
    const Fields& job = keys.job(id);
    if (!keys.zset(zset_of(text(job, "state"))).contains(id)) wrong << id << " is in no place\n";
    if (keys.expires("job:" + id) != finished(job)) wrong << id << " expires or not wrongly\n";
    if (!by_age.contains(id) || std::floor(by_age.at(id)) != number(job, "enqueuedAt"))
      wrong << id << " is not in jobs\n";
  }
}

void check_stats(const Snapshot& keys, std::ostream& wrong) {
  for (const auto& [state, zset] :
       {std::pair{"queued", "waiting"}, std::pair{"scheduled", "scheduled"}, std::pair{"running", "running"}})
    if (number(keys.hash("stats"), state) != static_cast<double>(keys.zset(zset).size()))
      wrong << "stats say " << number(keys.hash("stats"), state) << " " << state << ", there are "
            << keys.zset(zset).size() << "\n";
}

void check_targets(const Snapshot& keys, std::ostream& wrong) {
  const Fields& targets = keys.hash("targets");
  for (const auto& id : keys.jobs()) {
    const Fields& job = keys.job(id);
    const std::string batch = text(job, "batch");
    const std::string expected = text(job, "target") + (batch.empty() ? "" : " " + batch);
    if (text(targets, id) != (finished(job) ? "" : expected)) wrong << "the target of " << id << " is not right\n";
  }
  for (const auto& [id, target] : targets)
    if (!keys.has("job:" + id)) wrong << "the target of " << id << " is left over\n";
}

double highest_priority(const Snapshot& keys, const std::vector<std::string>& line) {
  double highest = -1000;
  for (const auto& id : line) highest = std::max(highest, number(keys.job(id), "priority"));
  return highest;
}

void check_line(const Snapshot& keys, const std::string& target, std::ostream& wrong) {
  const auto& line = keys.items("line:" + target);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const Fields& job = keys.job(line[i]);
    if (text(job, "target") != target)
      wrong << line[i] << " is in the line of " << target << "\n";
    else if (text(job, "state") != "queued" && i > 0)
      wrong << line[i] << " is " << text(job, "state") << " behind the head of " << target << "\n";
    else if (finished(job))
      wrong << line[i] << " is finished and in a line\n";
  }
  const Fields& head = keys.job(line.front());
  const Scores& ready = keys.zset("ready");
  if (ready.contains(target) != (text(head, "state") == "queued")) wrong << target << " is ready or not wrongly\n";
  const double score = (1000 - highest_priority(keys, line)) * 4398046511104.0 + number(head, "enqueuedAt");
  if (ready.contains(target) && ready.at(target) != score)
    wrong << target << " has score " << ready.at(target) << ", not " << score << "\n";
  const auto& retrying = keys.items("retrying");
  if ((text(head, "state") == "scheduled") != (std::ranges::count(retrying, line.front()) == 1))
    wrong << line.front() << " is waiting to retry or not wrongly\n";
}

void check_lines(const Snapshot& keys, std::ostream& wrong) {
  const auto lines = keys.names("line:");
  const auto& retrying = keys.items("retrying");
  for (const auto& target : lines)
    if (!target.ends_with(":priorities")) check_line(keys, target, wrong);
  for (const auto& [target, score] : keys.zset("ready"))
    if (!keys.has("line:" + target)) wrong << target << " is ready without a line\n";
  for (const auto& id : keys.jobs()) {
    const Fields& job = keys.job(id);
    const std::string state = text(job, "state");
    const auto times = std::ranges::count(keys.items("line:" + text(job, "target")), id);
    const bool belongs = state == "queued" || state == "running" || std::ranges::count(retrying, id) == 1;
    if (times != (belongs ? 1 : 0)) wrong << id << " (" << state << ") is " << times << " times in its line\n";
  }
  for (const auto& id : retrying)
    if (text(keys.job(id), "state") != "scheduled") wrong << id << " does not wait to retry\n";
  for (const auto& name : lines)
    if (name.ends_with(":priorities"))
      for (const auto& [id, priority] : keys.zset("line:" + name))
        if (std::ranges::count(keys.items("line:" + name.substr(0, name.rfind(':'))), id) != 1)
          wrong << "a priority of " << id << " is left over\n";
}

/// A batch has no end while a job of it lives, and outlives the record of each.
void check_batches(const Snapshot& keys, std::ostream& wrong) {
  for (const auto& name : keys.names("batch:")) {
    const Fields& batch = keys.hash("batch:" + name);
    const double alive = number(batch, "queued") + number(batch, "scheduled") + number(batch, "running");
    if (keys.expires("batch:" + name) != (alive == 0)) wrong << "batch " << name << " expires or not wrongly\n";
    for (const auto& [field, count] : batch)
      if (std::stoll(count) < 0) wrong << "batch " << name << " has " << count << " " << field << "\n";
    for (const auto& id : keys.jobs())
      if (text(keys.job(id), "batch") == name && alive == 0 &&
          keys.keys.at("job:" + id).expires_in > keys.keys.at("batch:" + name).expires_in + 1000)
        wrong << "batch " << name << " is gone before " << id << "\n";
  }
}

/// An audit line is owed for each ending, and here nobody wrote one.
void check_audit(const Snapshot& keys, std::ostream& wrong) {
  const Scores& unaudited = keys.zset("unaudited");
  for (const auto& id : keys.jobs()) {
    const Fields& job = keys.job(id);
    if (!finished(job)) continue;
    const std::string ending = id + " " + text(job, "state") + " " + text(job, "finishedAt");
    const auto noted = unaudited.lower_bound(ending);
    const bool is = noted != unaudited.end() && (noted->first == ending || noted->first.starts_with(ending + " "));
    if (!is) wrong << "nobody noted that " << id << " ended\n";
  }
}

/// What may stay for ever, with nobody to look after it.
void check_owners(const Snapshot& keys, std::ostream& wrong) {
  for (const auto& [name, key] : keys.keys) {
    const bool expires = key.expires_in >= 0;
    if (name.ends_with(":failures") && !keys.has(name.substr(0, name.rfind(':')))) wrong << name << " is left over\n";
    if ((name.starts_with("claimed:") || name.starts_with("completed:") || name.starts_with("asked:")) && !expires)
      wrong << name << " never expires\n";
    if (name.starts_with("owed:") && expires) wrong << name << " expires\n";
  }
  if (keys.items("wake").size() > 1) wrong << "wake grows\n";
}

}  // namespace

std::string broken_invariant(const Snapshot& keys) {
  std::ostringstream wrong;
  check_places(keys, wrong);
  check_stats(keys, wrong);
  check_targets(keys, wrong);
  check_lines(keys, wrong);
  check_batches(keys, wrong);
  check_audit(keys, wrong);
  check_owners(keys, wrong);
  return wrong.str();
}

std::string broken_invariant(boost::asio::io_context& io, queue::RedisClient& client) {
  return broken_invariant(take_snapshot(io, client));
}

}  // namespace test
