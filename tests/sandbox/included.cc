#include "sandbox/included.h"

#include <algorithm>
#include <array>
#include <set>

#include "sandbox/compartment.h"

namespace sandbox {
namespace {

bool is_included_type(std::string_view type) {
  static constexpr std::array types = {"Organization",     "Location",   "Practitioner",
                                       "PractitionerRole", "Medication", "Device"};
  return std::ranges::find(types, type) != types.end();
}

}  // namespace

std::vector<const Record*> included(const World& world, const std::vector<const Record*>& matches,
                                    const ResourceView& view) {
  std::set<const Record*> seen(matches.begin(), matches.end());
  std::vector<const Record*> found;
  const auto follow = [&](const Record* record) {
    Json resource = parsed(record->text());
    view.hide(resource);
    for_each_reference(resource, [&](std::string_view reference) {
      if (!is_included_type(type_of(reference))) return;
      const Record* referred = world.find(reference);
      if (referred && !referred->deleted() && seen.insert(referred).second) found.push_back(referred);
    });
  };
  for (const Record* match : matches) follow(match);
  // What is found on the way is followed too; a range would not see it.
  // NOLINTNEXTLINE(modernize-loop-convert): `found` grows
  for (std::size_t i = 0; i < found.size(); ++i) follow(found[i]);
  return found;
}

}  // namespace sandbox
