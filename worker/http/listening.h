#pragma once

#include <memory>

#include "config/settings.h"
#include "worker/http/server.h"
#include "worker/http/site.h"

namespace worker::http {

/// The server that --listen asks for, and a line of the log that says where. Nothing, if none is wanted, or if another
/// worker at this machine listens where all do that are not told otherwise. Throws as Server's constructor does. `site`
/// outlives it.
std::unique_ptr<Server> listening(const fhir::Executor& executor, const config::Http& settings, const Site& site);

}  // namespace worker::http
