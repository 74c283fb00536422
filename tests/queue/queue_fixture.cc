#include "tests/queue/queue_fixture.h"

namespace test {
namespace {

using queue::Command;
using queue::Reply;

queue::RedisJobQueue::Options options_of_tests() {
  queue::RedisJobQueue::Options options;
  options.name = "q";
  options.lease = 10s;
  options.keep_finished = 1h;
  options.max_attempts = 3;
  options.worker_id = "w";
  return options;
}

config::Redis settings_for(const std::string& url) {
  config::Redis settings;
  settings.url = url;
  return settings;
}

}  // namespace

RedisServer& shared_redis() {
  static RedisServer server({"--appendonly", "no", "--repl-diskless-sync-delay", "0"});
  return server;
}

QueueTest::QueueTest()
    : client(io.get_executor(), settings_for(shared_redis().url()), {}),
      options(options_of_tests()),
      moves(client, options),
      producer(client, options.name),
      records(client, options.name) {
  redis({"FLUSHALL"});
}

Reply QueueTest::redis(Command command) {
  auto reply = await(client.execute(std::move(command)));
  EXPECT_FALSE(reply.is_error()) << reply.text;
  return reply;
}

std::string QueueTest::field(const std::string& id, const std::string& name) {
  return redis({"HGET", "{q}:job:" + id, name}).text;
}

std::map<std::string, std::string> QueueTest::stats() {
  return await(records.stats());
}

std::int64_t QueueTest::time_of_redis() {
  const auto time = redis({"TIME"});
  return std::stoll(time.items[0].text) * 1000 + std::stoll(time.items[1].text) / 1000;
}

bool QueueTest::exists(const std::string& key) {
  return redis({"EXISTS", key}).number == 1;
}

std::string QueueTest::add(const std::string& target, const queue::InboxEntry& more) {
  queue::InboxEntry entry{{"target", target}, {"accounts", "Organization/a"}};
  entry.insert(entry.end(), more.begin(), more.end());
  const auto ids = await(producer.enqueue({entry}));
  await(moves.take_in());
  return ids.at(0);
}

std::string QueueTest::add_entry(const queue::InboxEntry& entry) {
  Command command{"XADD", "{q}:inbox", "*"};
  for (const auto& [name, value] : entry) command.insert(command.end(), {name, value});
  const auto id = redis(command).text;
  await(moves.take_in());
  return id;
}

std::optional<queue::Job> QueueTest::claim() {
  static int tokens = 0;
  return await(moves.claim(std::to_string(++tokens))).job;
}

queue::Job QueueTest::claimed() {
  auto job = claim();
  if (!job) throw std::runtime_error("there is no job to claim");
  return *job;
}

queue::JobState QueueTest::settle(const queue::Job& job, queue::Verdict::Kind kind, const std::string& error) {
  queue::Verdict verdict;
  verdict.kind = kind;
  verdict.error = error;
  verdict.progress.counts.written = job.written_before;
  return await(moves.settle(job, verdict));
}

void QueueTest::let_lease_end(const std::string& id) {
  redis({"ZADD", "{q}:running", "XX", "1", id});
}

void QueueTest::let_delay_end(const std::string& id) {
  redis({"ZADD", "{q}:scheduled", "XX", "1", id});
}

void QueueTest::sweep() {
  await(moves.sweep(time_of_redis()));
}

}  // namespace test
