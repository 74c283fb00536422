#include "sandbox/compartment.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "sandbox/patient_paths.h"

namespace sandbox {
namespace {

void add_once(std::vector<std::string>& references, std::string_view reference) {
  if (std::ranges::find(references, reference) == references.end()) references.emplace_back(reference);
}

void collect(const JsonValue& value, std::string_view path, std::vector<std::string>& patients) {
  if (value.IsArray()) {
    for (const JsonValue& element : value.GetArray()) collect(element, path, patients);
    return;
  }
  if (path.empty()) {
    const std::string_view reference = text_member(value, "reference");
    if (reference.starts_with("Patient/") && is_reference(reference)) add_once(patients, reference);
    return;
  }
  const std::size_t dot = path.find('.');
  const JsonValue* next = member(value, path.substr(0, dot));
  if (next) collect(*next, dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1), patients);
}

bool is_id(std::string_view id) {
  const auto allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '.'; };
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, allowed);
}

}  // namespace

bool is_uuid(std::string_view id) {
  if (id.size() != 36) return false;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const bool digit = std::isxdigit(static_cast<unsigned char>(id[i])) != 0;
    if (dash ? id[i] != '-' : !digit) return false;
  }
  return true;
}

bool is_reference(std::string_view text) {
  const std::string_view type = type_of(text);
  const auto letter = [](unsigned char c) { return std::isalpha(c) != 0; };
  return !type.empty() && std::isupper(static_cast<unsigned char>(type[0])) != 0 && std::ranges::all_of(type, letter) &&
         text.size() > type.size() && is_id(id_of(text));
}

std::string_view type_of(std::string_view reference) {
  return reference.substr(0, reference.find('/'));
}

std::string_view id_of(std::string_view reference) {
  const std::size_t slash = reference.find('/');
  return slash == std::string_view::npos ? std::string_view() : reference.substr(slash + 1);
}

std::vector<std::string> patients_of(const JsonValue& resource) {
  std::vector<std::string> patients;
  const std::string_view type = text_member(resource, "resourceType");
  if (type == "Patient") patients.push_back("Patient/" + std::string(text_member(resource, "id")));
  for (const std::string_view path : patient_paths(type)) collect(resource, path, patients);
  return patients;
}

JsonValue compartment_of(const JsonValue& resource, std::string_view project, bool uuid_ids, JsonAllocator& allocator) {
  std::vector<std::string> references = {"Project/" + std::string(project)};
  std::set<std::string, std::less<>> known;
  if (const JsonValue* meta = member(resource, "meta")) {
    const JsonValue* accounts = member(*meta, "accounts");
    if (accounts && accounts->IsArray()) {
      for (const JsonValue& account : accounts->GetArray()) {
        const std::string_view reference = text_member(account, "reference");
        const bool counts = !reference.starts_with("Project/") && is_uuid(id_of(reference));
        if (counts && known.emplace(reference).second) references.emplace_back(reference);
      }
    }
  }
  for (const std::string& patient : patients_of(resource)) {
    if (!uuid_ids || is_uuid(id_of(patient))) add_once(references, patient);
  }
  JsonValue compartment(rapidjson::kArrayType);
  for (const std::string& reference : references) {
    JsonValue each(rapidjson::kObjectType);
    set_member(each, "reference", text_value(reference, allocator), allocator);
    compartment.PushBack(each, allocator);
  }
  return compartment;
}

}  // namespace sandbox
