#include "fhir/page_handler.h"

#include <optional>
#include <utility>

#include "fhir/bare_reference.h"
#include "fhir/json_reading.h"
#include "fhir/json_skipping.h"

namespace fhir {

namespace {

/// In bytes: of how many entries a text may consist, so that they need not be moved while it is read.
constexpr std::size_t usual_entry = 2048;

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

bool is_reference(Slot slot) {
  return is_account(slot) || slot == Slot::compartment_element || (slot != Slot::resource && element_level(slot));
}

}  // namespace

std::optional<ParseError> PageHandler::read(std::string& json) {
  page_.entries.reserve(json.size() / usual_entry);
  const auto fault = read_json(json, *this);
  if (!fault) return std::nullopt;
  return ParseError{"at byte " + std::to_string(fault->offset) + ": " + (fault->by_handler ? reason_ : fault->why)};
}

bool PageHandler::StartObject() {
  if (!open()) return false;
  if (!capture_.active() && take_bare_reference()) return true;
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
  if (capturing && !capture_.active()) take_account(capture_.take());
  return true;
}

bool PageHandler::StartArray() {
  if (!open()) return false;
  if (capture_.active()) return capture_.start_array();
  if (slot_ == Slot::compartment) entry().has_compartment = true;
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
      entry().mode = search_mode(text);
      break;
    case Slot::type:
      entry().reference.type = text;
      break;
    case Slot::id:
      entry().reference.id = text;
      break;
    case Slot::version_id:
      entry().version_id = text;
      break;
    case Slot::last_updated:
      entry().last_updated = text;
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

void PageHandler::begin_object() {
  object_ = object_slot(slot_);
  slot_ = Slot::ignored;
  if (const auto level = element_level(object_)) patient_references_.enter(*level);
  if (object_ == Slot::link) link_relation_ = link_url_ = {};
  if (object_ == Slot::entry) page_.entries.emplace_back();
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
      if (!is_type(entry().reference.type) || !is_id(entry().reference.id)) page_.entries.pop_back();
      break;
    case Slot::compartment_element:
      take_compartment(compartment_reference_);
      break;
    default:
      break;
  }
}

/// Where meta.compartment is not shown, the elements say whose the resource is.
void PageHandler::judge_references() {
  entry().refers_to_target = patient_references_.name(target_, entry().reference.type);
  if (!entry().has_compartment) entry().patients = patient_references_.at_paths_of(entry().reference.type);
}

/// Most References need not be played to us to be known.
bool PageHandler::take_bare_reference() {
  if (stream_ == nullptr || !is_reference(slot_)) return false;
  const char* opening = stream_->src_ - 1;
  const auto reference = bare_reference(opening + 1);
  if (!reference) return false;
  const char* closing = reference->end() + 1;
  if (is_account(slot_))
    take_account({std::string(*reference), {opening, closing + 1}});
  else if (slot_ == Slot::compartment_element)
    take_compartment(*reference);
  else
    patient_references_.bare(*element_level(slot_), *reference);
  object_ = Slot::ignored;
  skip_to(closing);
  return true;
}

void PageHandler::take_account(Account account) {
  if (slot_ == Slot::account)
    entry().accounts.single = std::move(account);
  else
    entry().accounts.accounts.push_back(std::move(account));
}

void PageHandler::take_compartment(std::string_view reference) {
  constexpr std::string_view type = "Patient/";
  if (reference.starts_with(type) && is_id(reference.substr(type.size()))) entry().patients.emplace_back(reference);
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
