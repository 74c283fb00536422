#include <algorithm>
#include <set>
#include <sstream>

#include "queue/replies.h"
#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using Fields = std::map<std::string, std::string, std::less<>>;
using Scores = std::map<std::string, double>;

constexpr std::string_view job_prefix = "{q}:job:";
constexpr std::string_view line_prefix = "{q}:line:";
constexpr std::string_view batch_prefix = "{q}:batch:";

/// All of the queue's keys at one moment.
struct Keys {
  std::map<std::string, Fields> jobs;
  std::map<std::string, bool> expiring;
  std::map<std::string, Scores> zsets;
  std::map<std::string, std::vector<std::string>> lines;
  std::map<std::string, Scores> priorities;
  std::map<std::string, Fields> batches;
  std::set<std::string> retrying;
  Fields targets;
  Fields stats;
};

double number(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? 0 : std::stod(found->second);
}

std::string text(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

Scores scores_of(const queue::Reply& reply) {
  Scores scores;
  for (const auto& [member, score] : queue::fields_of(reply)) scores[member] = std::stod(score);
  return scores;
}

std::string zset_of(const std::string& state) {
  if (state == "queued") return "waiting";
  return state == "scheduled" || state == "running" ? state : "finished";
}

class Reader {
 public:
  Reader(boost::asio::io_context& io, queue::RedisClient& client) : io_(io), client_(client) {}

  Keys read() {
    Keys keys;
    for (const auto& key : queue::texts_of(ask({"KEYS", "{q}:*"}))) read_key(key, keys);
    for (const char* name : {"waiting", "scheduled", "running", "finished", "ready"})
      keys.zsets[name] = scores_of(ask({"ZRANGE", std::string("{q}:") + name, "0", "-1", "WITHSCORES"}));
    const auto retrying = queue::texts_of(ask({"SMEMBERS", "{q}:retrying"}));
    keys.retrying = {retrying.begin(), retrying.end()};
    keys.targets = queue::fields_of(ask({"HGETALL", "{q}:targets"}));
    keys.stats = queue::fields_of(ask({"HGETALL", "{q}:stats"}));
    return keys;
  }

 private:
  queue::Reply ask(queue::Command command) { return run(io_, client_.execute(std::move(command))); }

  void read_key(const std::string& key, Keys& keys) {
    if (key.starts_with(job_prefix) && !key.ends_with(":failures")) {
      const std::string id = key.substr(job_prefix.size());
      keys.jobs[id] = queue::fields_of(ask({"HGETALL", key}));
      keys.expiring[id] = ask({"PTTL", key}).number > 0;
    } else if (key.starts_with(line_prefix) && key.ends_with(":priorities")) {
      const auto target = key.substr(line_prefix.size(), key.rfind(':') - line_prefix.size());
      keys.priorities[target] = scores_of(ask({"ZRANGE", key, "0", "-1", "WITHSCORES"}));
    } else if (key.starts_with(line_prefix)) {
      keys.lines[key.substr(line_prefix.size())] = queue::texts_of(ask({"LRANGE", key, "0", "-1"}));
    } else if (key.starts_with(batch_prefix)) {
      keys.batches[key.substr(batch_prefix.size())] = queue::fields_of(ask({"HGETALL", key}));
    }
  }

  boost::asio::io_context& io_;
  queue::RedisClient& client_;
};

void check_places(const Keys& keys, std::ostream& wrong) {
  for (const char* zset : {"waiting", "scheduled", "running", "finished"})
    for (const auto& [id, score] : keys.zsets.at(zset)) {
      const auto job = keys.jobs.find(id);
      if (job == keys.jobs.end())
        wrong << id << " in " << zset << " has no record\n";
      else if (zset_of(text(job->second, "state")) != zset)
        wrong << id << " is " << text(job->second, "state") << " but in " << zset << "\n";
    }
  for (const auto& [id, job] : keys.jobs) {
    const std::string zset = zset_of(text(job, "state"));
    if (!keys.zsets.at(zset).contains(id)) wrong << id << " is not in " << zset << "\n";
    if (keys.expiring.at(id) != (zset == "finished")) wrong << id << " in " << zset << " expires or not wrongly\n";
  }
}

void check_stats(const Keys& keys, std::ostream& wrong) {
  for (const auto& [state, zset] :
       {std::pair{"queued", "waiting"}, std::pair{"scheduled", "scheduled"}, std::pair{"running", "running"}})
    if (number(keys.stats, state) != static_cast<double>(keys.zsets.at(zset).size()))
      wrong << "stats say " << number(keys.stats, state) << " " << state << ", there are " << keys.zsets.at(zset).size()
            << "\n";
}

void check_targets(const Keys& keys, std::ostream& wrong) {
  for (const auto& [id, job] : keys.jobs) {
    const std::string expected = zset_of(text(job, "state")) == "finished" ? "" : text(job, "target");
    if (text(keys.targets, id) != expected) wrong << "the target of " << id << " is not known or still known\n";
  }
  for (const auto& [id, target] : keys.targets)
    if (!keys.jobs.contains(id)) wrong << "the target of " << id << " is left over\n";
}

double highest_priority(const Keys& keys, const std::vector<std::string>& line) {
  double highest = -1000;
  for (const auto& id : line) highest = std::max(highest, number(keys.jobs.at(id), "priority"));
  return highest;
}

void check_line(const Keys& keys, const std::string& target, const std::vector<std::string>& line,
                std::ostream& wrong) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto job = keys.jobs.find(line[i]);
    if (job == keys.jobs.end() || text(job->second, "target") != target)
      wrong << line[i] << " is in the line of " << target << "\n";
    else if (text(job->second, "state") != "queued" && i > 0)
      wrong << line[i] << " is " << text(job->second, "state") << " behind the head of " << target << "\n";
    else if (zset_of(text(job->second, "state")) == "finished")
      wrong << line[i] << " is finished and in a line\n";
  }
  const auto& head = keys.jobs.at(line.front());
  const auto ready = keys.zsets.at("ready").find(target);
  const bool is_ready = ready != keys.zsets.at("ready").end();
  if (is_ready != (text(head, "state") == "queued")) wrong << target << " is ready or not wrongly\n";
  const double score = (1000 - highest_priority(keys, line)) * 4398046511104.0 + number(head, "enqueuedAt");
  if (is_ready && ready->second != score)
    wrong << target << " has score " << ready->second << ", not " << score << "\n";
  if ((text(head, "state") == "scheduled") != keys.retrying.contains(line.front()))
    wrong << line.front() << " is waiting to retry or not wrongly\n";
}

void check_lines(const Keys& keys, std::ostream& wrong) {
  for (const auto& [target, line] : keys.lines) check_line(keys, target, line, wrong);
  for (const auto& [target, score] : keys.zsets.at("ready"))
    if (!keys.lines.contains(target)) wrong << target << " is ready without a line\n";
  for (const auto& [id, job] : keys.jobs) {
    const std::string state = text(job, "state");
    const auto line = keys.lines.find(text(job, "target"));
    const auto times = line == keys.lines.end() ? 0 : std::ranges::count(line->second, id);
    const bool belongs = state == "queued" || state == "running" || keys.retrying.contains(id);
    if (times != (belongs ? 1 : 0)) wrong << id << " (" << state << ") is " << times << " times in its line\n";
  }
  for (const auto& [target, priorities] : keys.priorities)
    for (const auto& [id, priority] : priorities)
      if (!keys.lines.contains(target) || std::ranges::count(keys.lines.at(target), id) != 1)
        wrong << "a priority of " << id << " is left over\n";
}

/// What a batch must say: one count a state, the sums of its finished jobs.
Fields expected_batch(const Keys& keys, const std::string& name) {
  std::map<std::string, std::int64_t> sums;
  for (const auto& [id, job] : keys.jobs) {
    if (text(job, "batch") != name) continue;
    ++sums["jobs"];
    ++sums[text(job, "state")];
    if (zset_of(text(job, "state")) != "finished") continue;
    for (const auto& [field, value] : job)
      if (field.starts_with("resources")) sums[field] += std::stoll(value);
  }
  Fields expected;
  for (const auto& [field, sum] : sums)
    if (sum != 0) expected[field] = std::to_string(sum);
  return expected;
}

void check_batches(const Keys& keys, std::ostream& wrong) {
  for (const auto& [name, batch] : keys.batches) {
    Fields counted;
    for (const auto& [field, value] : batch)
      if (value != "0" && field != "firstAt" && field != "lastAt") counted[field] = value;
    if (counted == expected_batch(keys, name)) continue;
    wrong << "batch " << name << " says";
    for (const auto& [field, value] : counted) wrong << " " << field << "=" << value;
    wrong << "; expected";
    for (const auto& [field, value] : expected_batch(keys, name)) wrong << " " << field << "=" << value;
    wrong << "\n";
  }
}

}  // namespace

std::string broken_invariant(boost::asio::io_context& io, queue::RedisClient& client) {
  const Keys keys = Reader(io, client).read();
  std::ostringstream wrong;
  check_places(keys, wrong);
  check_stats(keys, wrong);
  check_targets(keys, wrong);
  check_lines(keys, wrong);
  check_batches(keys, wrong);
  return wrong.str();
}

}  // namespace test
