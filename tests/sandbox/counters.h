#pragma once

#include <map>
#include <string>

namespace sandbox {

/// What the server has seen since it began, or since the counters were reset.
struct Counters {
  std::map<std::string, long> requests;  ///< by kind: read, page, patch, token, me, metadata, health, other
  std::map<unsigned, long> statuses;     ///< answers by status; connections cut without one are not here
  std::map<std::string, long> writes;    ///< by Type/id: PATCHes that made a new version
  std::map<std::string, long> traces;    ///< reads, pages and PATCHes by their traceparent; empty: those without
  long wasted_writes = 0;                ///< PATCHes answered 200 that changed nothing
  long patches_in_flight = 0;            ///< from the request read to the answer ready
  long most_patches_in_flight = 0;
  long connections = 0;
  long open_connections = 0;

  long requests_of(const std::string& kind) const { return requests.contains(kind) ? requests.at(kind) : 0; }
  long answers_of(unsigned status) const { return statuses.contains(status) ? statuses.at(status) : 0; }
  long writes_of(const std::string& reference) const { return writes.contains(reference) ? writes.at(reference) : 0; }
  long total_writes() const;
};

std::string to_json(const Counters& counters);

}  // namespace sandbox
