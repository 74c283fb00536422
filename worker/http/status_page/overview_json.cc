#include "worker/http/status_page/overview_json.h"

#include <algorithm>
#include <cmath>

#include "worker/json_writing.h"
#include "worker/readiness.h"

namespace worker::http {
namespace {

/// A number that was never counted is 0, and so is one that somebody made less by hand.
std::uint64_t number_in(const std::map<std::string, std::int64_t>& numbers, const char* name) {
  const auto found = numbers.find(name);
  return found == numbers.end() ? 0 : static_cast<std::uint64_t>(std::max<std::int64_t>(0, found->second));
}

}  // namespace

std::string json_of(const queue::Overview& overview) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("counts");
  writer.StartObject();
  for (const char* state : {"queued", "scheduled", "running", "completed", "failed", "cancelled"})
    write_member(writer, state, number_in(overview.jobs, state));
  writer.EndObject();
  write_member(writer, "inInbox", static_cast<std::uint64_t>(overview.inbox));
  write_member(writer, "workers", static_cast<std::uint64_t>(overview.workers));
  writer.Key("paused");
  writer.Bool(overview.paused);
  if (overview.longest_wait)
    write_member(writer, "longestWait", static_cast<std::uint64_t>(overview.longest_wait->count()));
  write_member(writer, "now", static_cast<std::uint64_t>(overview.now));
  writer.EndObject();
  return text_of(buffer);
}

std::string json_of_no_overview(const std::string& why) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  write_member(writer, "redis", why);
  writer.EndObject();
  return text_of(buffer);
}

std::string json_of(const Pulse& pulse, const Readiness& readiness, const std::string& why_deaf) {
  const Gauges& gauges = pulse.now();
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("ready");
  writer.Bool(readiness.ready());
  write_member(writer, "why", readiness.why());
  write_member(writer, "running", gauges.running);
  write_member(writer, "slots", gauges.slots);
  writer.Key("rate");
  writer.Double(std::round(pulse.rate() * 10) / 10);
  write_member(writer, "inFlight", gauges.in_flight);
  write_member(writer, "limit", gauges.limit);
  if (gauges.quota_left) {
    writer.Key("quotaLeft");
    writer.Int64(*gauges.quota_left);
  }
  write_member(writer, "noEvents", why_deaf);
  writer.EndObject();
  return text_of(buffer);
}

}  // namespace worker::http
