#include "worker/http/status_page/latest_news.h"

#include <utility>

#include <rapidjson/reader.h>

#include "fhir/reference.h"
#include "worker/json_writing.h"

namespace worker::http {
namespace {

/// Reads the members of one flat object; anything nested ends the reading.
struct MessageReader : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, MessageReader> {
  JobNews news;
  std::optional<queue::JobState> state;
  std::string name;
  bool begun = false;

  bool Default() const { return begun; }
  bool StartObject() { return !std::exchange(begun, true); }
  bool StartArray() { return false; }
  bool Key(const char* text, rapidjson::SizeType length, bool /*copy*/) {
    name.assign(text, length);
    return true;
  }
  bool String(const char* text, rapidjson::SizeType length, bool /*copy*/) {
    const std::string_view value(text, length);
    if (name == "id") news.id = value;
    if (name == "state") state = queue::job_state(value);
    if (name == "target") news.target = value;
    if (name == "phase") news.phase = value;
    return begun;
  }
  bool Int(int number) { return count(number); }
  bool Uint(unsigned number) { return count(number); }
  bool Int64(std::int64_t number) { return count(static_cast<double>(number)); }
  bool Uint64(std::uint64_t number) { return count(static_cast<double>(number)); }
  bool Double(double number) { return count(number); }

  bool count(double number) {
    constexpr double most = 9e15;
    if (!(number >= 0 && number <= most)) return false;
    const auto whole = static_cast<std::uint64_t>(number);
    if (name == "pass") news.pass = whole;
    if (name == "resourcesUpdated") news.counts.updated = whole;
    if (name == "resourcesWritten") news.counts.written = whole;
    if (name == "resourcesToWrite") news.counts.to_write = whole;
    if (name == "resourcesUnchanged") news.counts.unchanged = whole;
    if (name == "resourcesGone") news.counts.gone = whole;
    if (name == "resourcesFailed") news.counts.failed = whole;
    if (name == "resourcesTotal") news.counts.total = whole;
    return begun;
  }
};

void write(JsonWriter& writer, const JobNews& news) {
  writer.StartObject();
  write_member(writer, "id", news.id);
  write_member(writer, "state", queue::name_of(news.state));
  if (!news.target.empty()) write_member(writer, "target", news.target);
  if (!news.phase.empty()) write_member(writer, "phase", news.phase);
  if (news.pass > 0) write_member(writer, "pass", news.pass);
  write_member(writer, "resourcesUpdated", news.counts.updated);
  write_member(writer, "resourcesWritten", news.counts.written);
  if (news.counts.to_write > 0) write_member(writer, "resourcesToWrite", news.counts.to_write);
  write_member(writer, "resourcesUnchanged", news.counts.unchanged);
  write_member(writer, "resourcesGone", news.counts.gone);
  write_member(writer, "resourcesFailed", news.counts.failed);
  write_member(writer, "resourcesTotal", news.counts.total);
  writer.EndObject();
}

}  // namespace

std::optional<JobNews> job_news(const std::string& message) {
  constexpr std::size_t longest = 4096;
  if (message.size() > longest) return std::nullopt;
  MessageReader read;
  rapidjson::StringStream stream(message.c_str());
  if (rapidjson::Reader().Parse<rapidjson::kParseValidateEncodingFlag>(stream, read).IsError()) return std::nullopt;
  if (!read.state || !fhir::is_id(read.news.id)) return std::nullopt;
  read.news.state = *read.state;
  return std::move(read.news);
}

void LatestNews::add(JobNews news) {
  const auto known = by_id_.find(news.id);
  if (known != by_id_.end()) order_.erase(known->second);
  const std::string id = news.id;
  by_id_[id] = order_.insert(order_.end(), std::move(news));
  if (order_.size() <= most_) return;
  by_id_.erase(order_.front().id);
  order_.pop_front();
  ++left_out_;
}

std::string LatestNews::take() {
  rapidjson::StringBuffer buffer;
  JsonWriter writer(buffer);
  writer.StartObject();
  writer.Key("jobs");
  writer.StartArray();
  for (const JobNews& news : order_) write(writer, news);
  writer.EndArray();
  write_member(writer, "leftOut", std::exchange(left_out_, 0));
  writer.EndObject();
  order_.clear();
  by_id_.clear();
  return text_of(buffer);
}

}  // namespace worker::http
