// Prints what the queue costs and how quickly it recovers, measured with the real program against a real Redis and the
// sandbox server, all on this machine. --quick measures each thing a few times only, to see that all of it works.

#include <exception>
#include <iostream>
#include <string_view>

#include "tests/bench/figures.h"

int main(int argc, char** argv) {
  const bool quick = argc == 2 && std::string_view(argv[1]) == "--quick";
  if (argc > 1 && !quick) {
    std::cerr << "usage: queue-figures [--quick]\n";
    return 2;
  }
  bench::Effort effort;
  if (quick) effort = {.interruptions = 1, .idle_jobs = 20, .backlog = 50, .seconds = 1};
  try {
    bench::measure_latency(effort, std::cout);
    bench::measure_backlog(effort, std::cout);
    bench::measure_commands(effort, std::cout);
    bench::measure_recovery(effort, std::cout);
  } catch (const std::exception& failure) {
    std::cerr << "queue-figures: " << failure.what() << '\n';
    return 1;
  }
  return 0;
}
