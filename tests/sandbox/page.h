#pragma once

#include <string>
#include <variant>
#include <vector>

#include "sandbox/page_request.h"
#include "sandbox/world.h"

namespace sandbox {

struct Link {
  std::string relation;
  std::string url;
};

/// The resources of one page and where to go from it.
struct Page {
  std::vector<const Record*> matches;
  std::vector<Link> links;
};

/// `base` is what links begin with, ending in a slash.
std::variant<Page, Answer> page_of(const World& world, const PageRequest& request, const ServerOptions& options,
                                   const std::string& base);

}  // namespace sandbox
