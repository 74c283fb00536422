#include "worker/http/status_page/overview_json.h"

#include <array>
#include <charconv>
#include <cmath>

#include "worker/json_writing.h"
#include "worker/readiness.h"

namespace worker::http {
namespace {

/// A number that was never counted is 0. (One that somebody changed by hand may be less.)
std::uint64_t number_in(const std::map<std::string, std::string>& texts, const char* name) {
  std::uint64_t number = 0;
  const auto found = texts.find(name);
  if (found != texts.end()) std::from_chars(found->second.data(), found->second.data() + found->second.size(), number);
  return number;
}

}  // namespace

std::string json_of(const queue::Overview& overview) {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("counts");
  writer.StartObject();
  for (const char* state : {"queued", "scheduled", "running", "completed", "failed", "cancelled"})
    write_member(writer, state, number_in(overview.stats, state));
  writer.EndObject();
  write_member(writer, "inInbox", overview.in_inbox);
  writer.Key("paused");
  writer.Bool(overview.paused);
  writer.Key("workers");
  writer.StartArray();
  for (const std::string& worker : overview.workers) write_text(writer, worker);
  writer.EndArray();
  write_member(writer, "now", static_cast<std::uint64_t>(overview.redis_time));
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
