#include "sandbox/counters.h"

#include <numeric>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace sandbox {

long Counters::total_writes() const {
  return std::accumulate(writes.begin(), writes.end(), 0L,
                         [](long sum, const auto& each) { return sum + each.second; });
}

std::string to_json(const Counters& counters) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  const auto number = [&](const char* name, long value) {
    writer.Key(name);
    writer.Int64(value);
  };
  writer.StartObject();
  writer.Key("requests");
  writer.StartObject();
  for (const auto& [kind, count] : counters.requests) number(kind.c_str(), count);
  writer.EndObject();
  writer.Key("statuses");
  writer.StartObject();
  for (const auto& [status, count] : counters.statuses) number(std::to_string(status).c_str(), count);
  writer.EndObject();
  number("writes", counters.total_writes());
  number("resourcesWritten", static_cast<long>(counters.writes.size()));
  number("wastedWrites", counters.wasted_writes);
  number("mostPatchesInFlight", counters.most_patches_in_flight);
  number("connections", counters.connections);
  number("openConnections", counters.open_connections);
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace sandbox
