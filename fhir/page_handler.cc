#include "fhir/page_handler.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "fhir/json_skipping.h"

namespace fhir {

namespace {

SearchMode search_mode(std::string_view code) {
  if (code == "match") return SearchMode::match;
  if (code == "include") return SearchMode::include;
  if (code == "outcome") return SearchMode::outcome;
  return SearchMode::none;
}

/// How many names below its resource an object stands, for the objects in which references are looked for.
std::optional<std::size_t> element_level(Slot object) {
  switch (object) {
    case Slot::resource:
      return 0;
    case Slot::element:
      return 1;
    case Slot::element_2:
      return 2;
    case Slot::element_3:
      return 3;
    default:
      return std::nullopt;
  }
}

bool is_account(Slot slot) {
  return slot == Slot::account || slot == Slot::accounts_element;
}

void forget_meta(Entry& entry) {
  entry.version_id.clear();
  entry.last_updated.clear();
  entry.accounts = {};
  entry.has_compartment = false;
  entry.patients.clear();
}

}  // namespace

bool PageHandler::StartObject() {
  if (!open()) return false;
  if (capture_.active() || is_account(slot_)) return capture_.start_object();
  begin_object();
  if (object_ == Slot::ignored && stream_ != nullptr) skip_to(end_of_object(stream_->src_, levels_.size() - depth_));
  return true;
}

bool PageHandler::EndObject(rapidjson::SizeType /*members*/) {
  const bool capturing = capture_.active();
  if (capturing && !capture_.end_object()) return false;
  if (!capturing) end_object();
  close();
  if (capturing && !capture_.active()) take_account();
  return true;
}

bool PageHandler::StartArray() {
  if (!open()) return false;
  if (capture_.active()) return capture_.start_array();
  if (slot_ == Slot::compartment) entry_.has_compartment = true;
  object_ = Slot::ignored;
  slot_ = array_element_slot(slot_);
  if (slot_ == Slot::ignored && stream_ != nullptr) skip_to(end_of_array(stream_->src_, levels_.size() - depth_));
  return true;
}

bool PageHandler::EndArray(rapidjson::SizeType /*elements*/) {
  if (capture_.active() && !capture_.end_array()) return false;
  close();
  return true;
}

bool PageHandler::key(std::string_view name) {
  if (capture_.active()) return capture_.key(name);
  slot_ = member_slot(object_, name);
  if (slot_ == Slot::ignored) return true;
  if (const auto level = element_level(object_)) patient_references_.member(*level, name);
  forget(slot_);
  return true;
}

bool PageHandler::string(std::string_view text) {
  if (capture_.active()) return capture_.string(text);
  switch (slot_) {
    case Slot::bundle_type:
      bundle_type_ = text;
      break;
    case Slot::link_relation:
      link_relation_ = text;
      break;
    case Slot::link_url:
      link_url_ = text;
      break;
    case Slot::search_mode:
      entry_.mode = search_mode(text);
      break;
    case Slot::type:
      entry_.reference.type = text;
      break;
    case Slot::id:
      entry_.reference.id = text;
      break;
    case Slot::version_id:
      entry_.version_id = text;
      break;
    case Slot::last_updated:
      entry_.last_updated = text;
      break;
    case Slot::element_reference:
      if (const auto level = element_level(object_)) patient_references_.reference(*level, text);
      break;
    case Slot::compartment_reference:
      compartment_reference_ = text;
      break;
    default:
      break;
  }
  return true;
}

/// A value of another kind than ours must not leave standing what an earlier member of that name said.
void PageHandler::forget(Slot named_again) {
  switch (named_again) {
    case Slot::bundle_type:
      bundle_type_ = {};
      break;
    case Slot::links:
      page_.next.clear();
      break;
    case Slot::link_relation:
      link_relation_ = {};
      break;
    case Slot::link_url:
      link_url_ = {};
      break;
    case Slot::entries:
      page_.entries.clear();
      break;
    case Slot::search:
    case Slot::search_mode:
      entry_.mode = SearchMode::none;
      break;
    case Slot::resource:
      forget_resource();
      break;
    case Slot::type:
      entry_.reference.type.clear();
      break;
    case Slot::id:
      entry_.reference.id.clear();
      break;
    case Slot::meta:
      forget_meta(entry_);
      break;
    case Slot::version_id:
      entry_.version_id.clear();
      break;
    case Slot::last_updated:
      entry_.last_updated.clear();
      break;
    case Slot::account:
      entry_.accounts.single.reset();
      break;
    case Slot::accounts:
      entry_.accounts.accounts.clear();
      break;
    case Slot::compartment:
      entry_.has_compartment = false;
      entry_.patients.clear();
      break;
    case Slot::compartment_reference:
      compartment_reference_ = {};
      break;
    default:
      break;
  }
}

void PageHandler::forget_resource() {
  patient_references_.clear();
  const SearchMode mode = entry_.mode;
  entry_ = {};
  entry_.mode = mode;
}

void PageHandler::begin_object() {
  object_ = object_slot(slot_);
  slot_ = Slot::ignored;
  if (const auto level = element_level(object_)) patient_references_.enter(*level);
  if (object_ == Slot::link) link_relation_ = link_url_ = {};
  if (object_ == Slot::entry) entry_ = {};
  if (object_ == Slot::compartment_element) compartment_reference_ = {};
}

void PageHandler::end_object() {
  switch (object_) {
    case Slot::link:
      if (link_relation_ == "next") page_.next = link_url_;
      break;
    case Slot::resource:
      judge_references();
      break;
    case Slot::entry:
      if (is_type(entry_.reference.type) && is_id(entry_.reference.id)) page_.entries.push_back(std::move(entry_));
      break;
    case Slot::compartment_element:
      if (const auto reference = parse_reference(compartment_reference_); reference && reference->type == "Patient")
        entry_.patients.emplace_back(compartment_reference_);
      break;
    default:
      break;
  }
}

/// Where meta.compartment is not shown, the elements say whose the resource is.
void PageHandler::judge_references() {
  std::vector<std::string> patients = patient_references_.at_paths_of(entry_.reference.type);
  entry_.refers_to_target = std::ranges::find(patients, target_) != patients.end();
  if (!entry_.has_compartment) entry_.patients = std::move(patients);
}

void PageHandler::take_account() {
  if (slot_ == Slot::account)
    entry_.accounts.single = capture_.take();
  else
    entry_.accounts.accounts.push_back(capture_.take());
}

bool PageHandler::open() {
  if (depth_ == levels_.size()) return fail("is nested deeper than " + std::to_string(levels_.size()) + " levels");
  levels_[depth_++] = {object_, slot_};
  return true;
}

void PageHandler::close() {
  object_ = levels_[--depth_].object;
  slot_ = levels_[depth_].slot;
}

/// To its reader an object or array that matters to nobody is an empty one. What could not be skipped once is not tried
/// again at each level within it.
void PageHandler::skip_to(const char* closing) {
  if (closing == nullptr)
    stream_ = nullptr;
  else
    stream_->src_ += closing - stream_->src_;
}

bool PageHandler::fail(std::string reason) {
  reason_ = std::move(reason);
  return false;
}

}  // namespace fhir
