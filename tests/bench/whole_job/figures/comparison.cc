#include "tests/bench/whole_job/figures/comparison.h"

#include <cstdio>
#include <functional>
#include <map>

#include "tests/bench/whole_job/figures/table.h"

namespace whole_job {
namespace {

const std::string worker = "set-accounts worker";

struct Measured {
  std::string name;
  std::function<Run()> measure;
  std::vector<Run> runs = {};
};

Peer bare_client() {
  return {"bare epoll + RapidJSON SAX", {BARE_CLIENT}};
}

std::vector<Measured> all_of(const Comparison& comparison) {
  Setting whole;
  whole.resources = comparison.resources;
  Setting slow = whole;
  slow.latency = std::chrono::milliseconds(10);
  Setting cursor = whole;
  cursor.by_cursor = true;

  std::vector<Measured> all;
  all.push_back({"bare", [=] { return run_peer(bare_client(), whole); }});
  all.push_back({worker, [=] { return run_worker(whole, {}); }});
  for (const Peer& peer : comparison.peers) all.push_back({peer.name, [=] { return run_peer(peer, whole); }});
  all.push_back({"bare, 10 ms", [=] { return run_peer(bare_client(), slow); }});
  all.push_back({"worker, 10 ms", [=] { return run_worker(slow, {}); }});
  all.push_back({"worker, full, by offset", [=] { return run_worker(whole, {.verifies = true}); }});
  all.push_back({"worker, by cursor", [=] { return run_worker(cursor, {}); }});
  all.push_back({"worker, full, by cursor", [=] { return run_worker(cursor, {.verifies = true}); }});
  all.push_back({"worker, small jobs", [=] { return run_small_jobs(comparison.jobs); }});
  return all;
}

void print_goals(const Comparison& comparison, const std::map<std::string, Run>& runs) {
  const Run& bare = runs.at("bare");
  const Run& ours = runs.at(worker);
  const auto ideal = [&](const Run& run) { return run.rate() / (32 / 0.010); };
  std::printf("\n| %-62s | %-13s | %-10s | %-7s |\n", "what was aimed at", "measured", "goal", "");
  std::printf("|%s|---------------|------------|---------|\n", std::string(64, '-').c_str());
  print_goal("whole job at 0 ms, 32 connections: rate to the bare client's", ours.rate() / bare.rate(), "x", true,
             0.75);
  print_goal("its CPU per resource to the bare client's", ours.cpu_each() / bare.cpu_each(), "x", false, 1.5);
  print_goal("whole job at 10 ms: rate to connections / latency", ideal(runs.at("worker, 10 ms")), "x", true, 0.96);
  print_goal("(the bare client's at 10 ms)", ideal(runs.at("bare, 10 ms")), "x", true, 0.96);
  for (const Peer& peer : comparison.peers) {
    const double times = ours.rate() / runs.at(peer.name).rate();
    const double goal = peer.one_at_a_time ? 45 : peer.name.find("undici") != std::string::npos ? 8 : 4.5;
    const bool is_goal = peer.one_at_a_time || goal == 8 || peer.name.find("Go") != std::string::npos;
    if (!is_goal) continue;
    print_goal("rate to " + peer.name, times, "x", true, goal);
    print_goal("(the bare client's to " + peer.name + ")", bare.rate() / runs.at(peer.name).rate(), "x", true, goal);
  }
  const Run& cursor = runs.at("worker, by cursor");
  const Run& cursor_full = runs.at("worker, full, by cursor");
  print_goal("CPU of --verify full to none, by cursor", cursor_full.cpu / cursor.cpu, "x", false, 1.15);
  print_goal("pages read by --verify full to none, by offset", runs.at("worker, full, by offset").pages / ours.pages,
             "x", false, 2);
  print_goal("peak RSS at " + std::to_string(comparison.resources) + " resources", ours.peak_mib, "MiB", false, 24);
  print_goal("jobs without propagation, through one worker", runs.at("worker, small jobs").rate(), "/s", true, 2000);
}

}  // namespace

void compare(const Comparison& comparison) {
  std::vector<Measured> all = all_of(comparison);
  for (int round = 0; round < comparison.rounds; ++round)
    for (Measured& measured : all) measured.runs.push_back(measured.measure());

  std::map<std::string, Run> medians;
  for (const Measured& measured : all) medians[measured.name] = median(measured.runs);
  print_heading();
  for (const Measured& measured : all) print_row(measured.name, medians[measured.name], medians["bare"]);
  print_goals(comparison, medians);
}

}  // namespace whole_job
