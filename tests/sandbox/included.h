#pragma once

#include <vector>

#include "sandbox/resource_view.h"
#include "sandbox/world.h"

namespace sandbox {

/// What `$everything` adds to a page's matches: resources of Organization, Location, Practitioner, PractitionerRole,
/// Medication and Device that they refer to, anywhere in what is seen of them (so in extended mode their account
/// organisations too), and that those refer to in turn.
std::vector<const Record*> included(const World& world, const std::vector<const Record*>& matches,
                                    const ResourceView& view);

}  // namespace sandbox
