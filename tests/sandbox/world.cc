#include "sandbox/world.h"

#include <chrono>
#include <stdexcept>
#include <tuple>

#include "sandbox/account_rule.h"
#include "sandbox/compartment.h"
#include "sandbox/identifiers.h"
#include "sandbox/instant.h"
#include "sandbox/same_content.h"

namespace sandbox {
namespace {

std::int64_t machine_time() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

std::vector<std::string> patients_in_meta(const JsonValue& resource) {
  std::vector<std::string> patients;
  for (const JsonValue& each : (*member(*member(resource, "meta"), "compartment")).GetArray()) {
    const std::string_view reference = text_member(each, "reference");
    if (reference.starts_with("Patient/")) patients.emplace_back(reference);
  }
  return patients;
}

}  // namespace

bool ByLastUpdated::operator()(const Record* a, const Record* b) const {
  return std::tie(a->current().last_updated, a->id, a->type) < std::tie(b->current().last_updated, b->id, b->type);
}

const Record* World::find(std::string_view reference) const {
  const auto found = records_.find(reference);
  return found == records_.end() ? nullptr : &found->second;
}

bool World::has(std::string_view reference) const {
  const Record* record = find(reference);
  return record && !record->deleted();
}

const Compartment& World::compartment(std::string_view patient) const {
  static const Compartment empty;
  const auto found = compartments_.find(patient);
  return found == compartments_.end() ? empty : found->second;
}

World::Written World::put(Json resource) {
  JsonAllocator& allocator = resource.GetAllocator();
  set_accounts(resource, named_accounts(resource, allocator), allocator);
  return store(std::move(resource));
}

World::Written World::store(Json resource) {
  const std::string reference =
      std::string(text_member(resource, "resourceType")) + "/" + std::string(text_member(resource, "id"));
  if (!is_reference(reference)) throw std::invalid_argument("no resource that can be stored: " + reference);
  Record& record = records_[reference];
  record.type = type_of(reference);
  record.id = id_of(reference);
  const bool exists = !record.history.empty() && !record.deleted();
  finish(resource, exists ? record.current() : Version());
  if (exists && same_content(parsed(record.text()), resource)) return {&record, false};

  Version version = next_version();
  finish(resource, version);
  version.text = std::make_shared<const std::string>(to_text(resource));
  unindex(record);
  record.history.push_back(std::move(version));
  index(record, patients_in_meta(resource));
  return {&record, true};
}

void World::edit(std::string_view reference, const std::function<void(Json&)>& change) {
  Json resource = parsed(existing(reference).text());
  change(resource);
  put(std::move(resource));
}

void World::touch(std::string_view reference) {
  edit(reference, [](Json& resource) {
    const std::string_view language = text_member(resource, "language") == "en" ? "en-GB" : "en";
    set_member(resource, "language", text_value(language, resource.GetAllocator()), resource.GetAllocator());
  });
}

void World::restamp(std::string_view reference, std::int64_t last_updated) {
  Record& record = existing(reference);
  Json resource = parsed(record.text());
  Version version = record.current();
  version.last_updated = last_updated;
  finish(resource, version);
  version.text = std::make_shared<const std::string>(to_text(resource));
  const std::vector<std::string> patients = record.compartments;
  unindex(record);
  record.history.back() = std::move(version);
  index(record, patients);
}

void World::erase(std::string_view reference) {
  Record& record = existing(reference);
  unindex(record);
  record.history.push_back(next_version());
}

void World::move_to_patient(std::string_view reference, std::string_view from, std::string_view to) {
  edit(reference, [&](Json& resource) {
    const auto replacement = [&](std::string_view text) { return std::string(text == from ? to : text); };
    rewrite_references(resource, replacement, resource.GetAllocator());
  });
}

Record& World::existing(std::string_view reference) {
  const auto found = records_.find(reference);
  if (found == records_.end() || found->second.deleted()) {
    throw std::invalid_argument("there is no " + std::string(reference));
  }
  return found->second;
}

void World::finish(Json& resource, const Version& version) const {
  JsonAllocator& allocator = resource.GetAllocator();
  if (!member(resource, "meta")) set_member(resource, "meta", JsonValue(rapidjson::kObjectType), allocator);
  JsonValue& meta = *member(resource, "meta");
  JsonValue author(rapidjson::kObjectType);
  set_member(author, "reference", text_value(options_.author, allocator), allocator);
  set_member(meta, "versionId", text_value(version.id, allocator), allocator);
  set_member(meta, "lastUpdated", text_value(instant(version.last_updated), allocator), allocator);
  set_member(meta, "author", std::move(author), allocator);
  set_member(meta, "project", text_value(options_.project, allocator), allocator);
  JsonValue compartment = compartment_of(resource, options_.project, options_.uuid_ids, allocator);
  set_member(meta, "compartment", std::move(compartment), allocator);
}

Version World::next_version() {
  if (options_.real_time) {
    now_ = std::max(now_, machine_time());
  } else if (writes_ % options_.writes_per_ms == 0) {
    ++now_;
  }
  return {uuid(options_.seed, ++writes_), now_, nullptr};
}

void World::index(Record& record, std::vector<std::string> patients) {
  record.compartments = std::move(patients);
  for (const std::string& patient : record.compartments) compartments_[patient].insert(&record);
}

void World::unindex(Record& record) {
  for (const std::string& patient : record.compartments) compartments_[patient].erase(&record);
  record.compartments.clear();
}

}  // namespace sandbox
