#pragma once

#include <cstddef>
#include <list>

#include "fhir/deadlines.h"
#include "fhir/stop.h"
#include "worker/http/caller_rate.h"
#include "worker/http/counts.h"
#include "worker/http/limits.h"
#include "worker/http/message.h"

namespace worker::http {

class Connection;

/// What the connections of one server share.
struct ServerState {
  ServerState(const fhir::Executor& executor, const Limits& granted, std::size_t caller_rate, Handler who_answers)
      : limits(granted),
        handler(std::move(who_answers)),
        deadlines(executor),
        idle_deadlines(executor),
        caller_rate(caller_rate, granted.callers) {}

  Limits limits;
  Handler handler;
  ServerCounts counts;
  fhir::Deadlines deadlines;
  fhir::Deadlines idle_deadlines;  ///< far later than the others, which need not be sorted in before them
  CallerRate caller_rate;
  fhir::Stop stopping;           ///< answers that were begun are finished, and that is all
  std::size_t bodies = 0;        ///< bytes of bodies that are held
  std::list<Connection*> quiet;  ///< those nobody waits for, the one that was quiet longest in front
};

}  // namespace worker::http
