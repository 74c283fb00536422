#include "sandbox/bundle_loader.h"

#include <map>
#include <stdexcept>

#include "sandbox/gunzip.h"
#include "sandbox/json.h"

namespace sandbox {
namespace {

using Names = std::map<std::string, std::string, std::less<>>;

std::string reference_to(const JsonValue& resource) {
  return std::string(text_member(resource, "resourceType")) + "/" + std::string(text_member(resource, "id"));
}

Names names_of(const JsonValue& entries) {
  Names names;
  for (const JsonValue& entry : entries.GetArray()) {
    const JsonValue* resource = member(entry, "resource");
    if (resource) names[std::string(text_member(entry, "fullUrl"))] = reference_to(*resource);
  }
  return names;
}

}  // namespace

Loaded load_bundle(World& world, std::string_view json) {
  const Json bundle = parsed(json);
  const JsonValue* entries = member(bundle, "entry");
  if (!entries || !entries->IsArray()) throw std::invalid_argument("no Bundle with entries");
  const Names names = names_of(*entries);
  const auto renamed = [&](std::string_view reference) {
    const auto found = names.find(reference);
    return found == names.end() ? std::string(reference) : found->second;
  };
  Loaded loaded;
  for (const JsonValue& entry : entries->GetArray()) {
    const JsonValue* given = member(entry, "resource");
    if (!given) continue;
    Json resource = copy_of(*given);
    rewrite_references(resource, renamed, resource.GetAllocator());
    const Record* record = world.put(std::move(resource)).record;
    if (record->type == "Patient") loaded.patients.push_back(record->reference());
    ++loaded.resources;
  }
  return loaded;
}

Loaded load_bundle_file(World& world, const std::filesystem::path& file) {
  return load_bundle(world, read_maybe_gzipped(file));
}

}  // namespace sandbox
