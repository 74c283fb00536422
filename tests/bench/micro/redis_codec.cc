#include <string>

#include <benchmark/benchmark.h>

#include "queue/redis_protocol.h"

// What goes to Redis and comes from it: a move as the worker sends it, the replies to moves, and a long list of
// records.

namespace {

using benchmark::State;

void Redis_FormatMove(State& state) {
  const queue::Command move{"EVALSHA",
                            "2fa1e1a2a1b9e0b3f3c7a2f0f1d4e5c6b7a89012",
                            "3",
                            "{set-accounts}:job:1795290129727-0",
                            "{set-accounts}:running",
                            "{set-accounts}:stats",
                            "1795290129727-0",
                            "worker-4711",
                            "15000",
                            R"({"written":12345,"unchanged":17,"gone":0,"failed":0,"phase":"sweep"})"};
  std::string bytes;
  for (auto _ : state) {
    bytes.clear();
    queue::format_command(move, bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

void parse_replies(State& state, const std::string& bytes) {
  queue::ReplyParser parser;
  for (auto _ : state) {
    parser.feed(bytes);
    benchmark::DoNotOptimize(parser.next());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

void Redis_ParseStatus(State& state) {
  parse_replies(state, "+OK\r\n");
}

void Redis_ParseClaim(State& state) {
  parse_replies(state,
                "*4\r\n$7\r\nrunning\r\n$15\r\n1795290129727-0\r\n:3\r\n*6\r\n$6\r\ntarget\r\n$44\r\n"
                "Patient/bf58476d-1ce4-45b9-8e5b-9e3779b97f4b\r\n$8\r\naccounts\r\n$14\r\nOrganization/6\r\n"
                "$9\r\npropagate\r\n$4\r\ntrue\r\n");
}

void Redis_ParseThousandRecords(State& state) {
  std::string bytes = "*1000\r\n";
  for (int n = 0; n < 1000; ++n)
    bytes += "*4\r\n$2\r\nid\r\n$15\r\n1795290129727-0\r\n$5\r\nstate\r\n$9\r\ncompleted\r\n";
  parse_replies(state, bytes);
}

BENCHMARK(Redis_FormatMove);
BENCHMARK(Redis_ParseStatus);
BENCHMARK(Redis_ParseClaim);
BENCHMARK(Redis_ParseThousandRecords);

}  // namespace
