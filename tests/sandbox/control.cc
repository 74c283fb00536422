#include "sandbox/control.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "sandbox/compartment.h"
#include "sandbox/fault_rules.h"

namespace sandbox {
namespace {

constexpr std::string_view done = R"({"ok":true})";

Request request_of(const Query& query) {
  Request request{query.get_or("target", ""), query.list("accounts"), query.get_or("propagate", "false") == "true"};
  if (!is_reference(request.target)) throw std::invalid_argument("target: no Type/id: " + request.target);
  for (const std::string& account : request.accounts) {
    if (!is_reference(account)) throw std::invalid_argument("accounts: no Type/id: " + account);
  }
  return request;
}

Answer answer_of(unsigned status, std::string body) {
  Answer answer;
  answer.status = status;
  answer.content_type = "application/json; charset=utf-8";
  answer.body = std::move(body);
  return answer;
}

}  // namespace

Answer Control::answer(const Asked& asked) {
  try {
    return answer_of(200,
                     carry_out(asked.method + " " + asked.path.substr(std::string("/sandbox/").size()), asked.query));
  } catch (const std::exception& error) {
    Json body = parsed(R"({"ok":false})");
    set_member(body, "error", text_value(error.what(), body.GetAllocator()), body.GetAllocator());
    return answer_of(400, to_text(body));
  }
}

std::string Control::carry_out(const std::string& verb, const Query& query) {
  if (verb == "POST snapshot") return snapshot();
  if (verb == "POST expect") return expect(query);
  if (verb == "POST abandoned") return abandon(query);
  if (verb == "GET differences") return differences();
  if (verb == "GET counters") return to_json(server_.counters());
  if (verb == "POST world") return change_world(query);
  if (verb == "POST counters/reset") {
    server_.reset_counters();
  } else if (verb == "POST fault") {
    server_.add_fault(fault_of(query));
  } else if (verb == "POST faults/clear") {
    server_.clear_faults();
  } else if (verb == "POST tokens/revoke") {
    server_.revoke_tokens();
  } else if (verb == "POST silent") {
    server_.set_silent(query.get_or("on", "true") == "true");
  } else if (verb == "POST connections/drop") {
    server_.drop_connections();
  } else if (verb == "POST quit") {
    quit_();
  } else {
    throw std::invalid_argument("no such verb: " + verb);
  }
  return std::string(done);
}

std::string Control::snapshot() {
  server_.with_world([&](World& world) { oracle_ = std::make_unique<Oracle>(world); });
  requests_.clear();
  patches_before_it_ = server_.committed_patches().size();
  return std::string(done);
}

std::string Control::expect(const Query& query) {
  requests_.push_back(request_of(query));
  oracle().expect(requests_.back());
  return R"({"ok":true,"resourcesUpdated":)" + std::to_string(oracle().resources_updated()) + "}";
}

std::string Control::abandon(const Query& query) {
  requests_.push_back(request_of(query));
  oracle().abandoned(requests_.back(), query.get_or("target-written", "false") == "true");
  return std::string(done);
}

std::string Control::differences() {
  std::vector<std::string> found;
  server_.with_world([&](World& world) { found = oracle().differences(world); });
  std::ranges::move(trespasses_since_snapshot(), std::back_inserter(found));
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.StartObject();
  writer.Key("differences");
  writer.StartArray();
  for (const std::string& each : found) writer.String(each.data(), static_cast<rapidjson::SizeType>(each.size()));
  writer.EndArray();
  writer.Key("count");
  writer.Uint64(found.size());
  writer.Key("resourcesUpdated");
  writer.Int64(oracle().resources_updated());
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

std::vector<std::string> Control::trespasses_since_snapshot() {
  std::vector<CommittedPatch> patches = server_.committed_patches();
  patches.erase(patches.begin(), patches.begin() + static_cast<std::ptrdiff_t>(patches_before_it_));
  return trespasses(patches, requests_);
}

std::string Control::change_world(const Query& query) {
  const std::string what = query.get_or("do", "");
  const std::string reference = query.get_or("ref", "");
  server_.with_world([&](World& world) {
    if (what == "touch") {
      world.touch(reference);
    } else if (what == "erase") {
      world.erase(reference);
    } else if (what == "move") {
      world.move_to_patient(reference, query.get_or("from", ""), query.get_or("to", ""));
    } else {
      throw std::invalid_argument("do: touch, erase or move, not " + what);
    }
    if (!oracle_) return;
    query.get_or("during", "false") == "true" ? oracle_->note_external_during(world, reference)
                                              : oracle_->note_external(world, reference);
  });
  return std::string(done);
}

Oracle& Control::oracle() {
  if (!oracle_) throw std::invalid_argument("POST /sandbox/snapshot first");
  return *oracle_;
}

}  // namespace sandbox
