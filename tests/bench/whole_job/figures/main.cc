// Prints what the whole job takes: the worker's, the bare client's, and those of peers that tests/bench/run.sh names:
//   whole-job-figures [--quick] [--growth | --memory] [--rounds N]
//                     [--peer NAME=COMMAND]… [--one-at-a-time NAME=COMMAND]…
// --quick: small jobs, to see that all of it works and is right. --growth: the second table instead of the first.
// --memory: memory by jobs at once and page size.

#include <exception>
#include <iostream>
#include <sched.h>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/bench/whole_job/figures/comparison.h"
#include "tests/bench/whole_job/figures/growth.h"
#include "tests/bench/whole_job/figures/memory.h"
#include "tests/bench/whole_job/figures/processors.h"

namespace {

using namespace whole_job;

struct Wanted {
  Comparison comparison;
  bool growth = false;
  bool memory = false;
  bool quick = false;
};

Peer peer_of(const std::string& text, bool one_at_a_time) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) throw std::invalid_argument("a peer is NAME=COMMAND");
  Peer peer{text.substr(0, equals), {}, one_at_a_time};
  std::istringstream words(text.substr(equals + 1));
  for (std::string word; words >> word;) peer.command.push_back(word);
  return peer;
}

Wanted wanted_by(std::span<char*> arguments) {
  Wanted wanted;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view name = arguments[i];
    if (name == "--quick") {
      wanted.quick = true;
      continue;
    }
    if (name == "--growth") {
      wanted.growth = true;
      continue;
    }
    if (name == "--memory") {
      wanted.memory = true;
      continue;
    }
    if (++i == arguments.size()) throw std::invalid_argument(std::string(name) + " wants a value");
    if (name == "--rounds")
      wanted.comparison.rounds = std::stoi(arguments[i]);
    else if (name == "--peer" || name == "--one-at-a-time")
      wanted.comparison.peers.push_back(peer_of(arguments[i], name == "--one-at-a-time"));
    else
      throw std::invalid_argument("no such option: " + std::string(name));
  }
  return wanted;
}

/// Before whatever else this machine does. Not everybody may, and then it is measured as it comes.
void take_precedence() {
  const sched_param lowest_of_those{1};
  ::sched_setscheduler(0, SCHED_RR, &lowest_of_those);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Wanted wanted = wanted_by({argv, static_cast<std::size_t>(argc)});
    if (!wanted.quick && !wanted.memory) take_precedence();
    if (!can_be_pinned()) std::cout << "only one processor: server and client share it, the figures mean little\n";
    if (wanted.memory) {
      print_memory(wanted.quick);
    } else if (wanted.growth) {
      print_growth(wanted.quick);
    } else {
      if (wanted.quick) wanted.comparison = {.rounds = 1, .resources = 1500, .jobs = 50, .peers = {}};
      compare(wanted.comparison);
    }
  } catch (const std::exception& failure) {
    std::cerr << "whole-job-figures: " << failure.what() << '\n';
    return 1;
  }
  return 0;
}
