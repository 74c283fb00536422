#pragma once

#include "sandbox/exchange.h"
#include "sandbox/server_options.h"
#include "sandbox/world.h"

namespace sandbox {

struct Patched {
  Answer answer;
  bool changed = false;  ///< a new version was stored
};

struct PatchTerms {
  bool ignored = false;  ///< a good patch is answered as if it were a no-op
  bool admin = true;     ///< the caller is: others' account writes are silently ignored
};
/// PATCH Type/id with a JSON Patch, all or nothing.
Patched patch(World& world, const Asked& asked, const ServerOptions& options, PatchTerms terms);

/// An answer that carries a resource: body as the caller may see it, ETag, Last-Modified.
Answer resource_answer(const Record& record, const Asked& asked, const ServerOptions& options);

}  // namespace sandbox
