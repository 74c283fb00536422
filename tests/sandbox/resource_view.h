#pragma once

#include <string>

#include "sandbox/json.h"
#include "sandbox/server_options.h"
#include "sandbox/world.h"

namespace sandbox {

/// A resource as a caller may see it: without extended mode the server drops meta.author, project, account, accounts
/// and compartment.
class ResourceView {
 public:
  ResourceView(const ServerOptions& options, bool extended) : options_(options), extended_(extended) {}
  std::string text(std::string_view stored) const;
  /// Spoils `resource` into what is seen of it.
  void hide(Json& resource) const;

 private:
  const ServerOptions& options_;
  bool extended_;
};

}  // namespace sandbox
