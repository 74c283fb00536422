#include "worker/http/status_page/pulse.h"

#include <algorithm>
#include <cmath>

#include "worker/json_writing.h"

namespace worker::http {
namespace {

double per_second(std::uint64_t number, fhir::Clock::duration time) {
  const double seconds = std::chrono::duration<double>(time).count();
  return seconds > 0 ? static_cast<double>(number) / seconds : 0;
}

template <class Write>
void write_line(JsonWriter& writer, const char* name, const Write& write_values) {
  writer.Key(name);
  writer.StartArray();
  write_values();
  writer.EndArray();
}

}  // namespace

void Pulse::beat(const Gauges& gauges, fhir::Clock::time_point now) {
  Sample sample{.rate = 0, .in_flight = gauges.in_flight, .limit = gauges.limit};
  const std::uint64_t done = gauges.resources - std::min(gauges.resources, gauges_.resources);
  if (last_) sample.rate = per_second(done, now - *last_);
  samples_.push_back(sample);
  if (samples_.size() > seconds) samples_.pop_front();
  gauges_ = gauges;
  last_ = now;
}

std::string Pulse::history() const {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.SetMaxDecimalPlaces(1);
  writer.StartObject();
  write_line(writer, "rate", [&] {
    for (const Sample& sample : samples_) writer.Double(std::round(sample.rate * 10) / 10);
  });
  write_line(writer, "inFlight", [&] {
    for (const Sample& sample : samples_) writer.Uint64(sample.in_flight);
  });
  write_line(writer, "limit", [&] {
    for (const Sample& sample : samples_) writer.Uint64(sample.limit);
  });
  writer.EndObject();
  return text_of(buffer);
}

}  // namespace worker::http
