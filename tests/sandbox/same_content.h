#pragma once

#include "sandbox/json.h"

namespace sandbox {

/// Whether the server takes an update for one that changes nothing: equal but for meta.versionId, meta.lastUpdated and
/// meta.author, where what is empty counts as absent, and the order of an array matters (Medplum, core `deepEquals`).
bool same_content(const JsonValue& before, const JsonValue& after);

}  // namespace sandbox
