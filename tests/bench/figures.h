#pragma once

#include <iosfwd>

namespace bench {

/// How often each thing is measured.
struct Effort {
  int interruptions = 20;  ///< kills, and SIGTERMs
  int idle_jobs = 1000;    ///< one at a time, for the time from XADD to running
  int backlog = 5000;      ///< jobs that wait when the worker begins
  int seconds = 10;        ///< of watching commands
};

/// Each prints its figures, a line each.
void measure_recovery(const Effort& effort, std::ostream& out);
void measure_latency(const Effort& effort, std::ostream& out);
void measure_backlog(const Effort& effort, std::ostream& out);
void measure_commands(const Effort& effort, std::ostream& out);

}  // namespace bench
