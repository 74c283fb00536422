#include "worker/http/route.h"

#include <array>

namespace worker::http {

Route route_of(const std::vector<std::string>& path) {
  using Path = std::vector<std::string>;
  if (path.empty() || path.front() == "status") return Route::page;
  if (path == Path{"healthz"}) return Route::health;
  if (path == Path{"readyz"}) return Route::readiness;
  if (path == Path{"metrics"}) return Route::metrics;
  if (is_fhir(path) || path == Path{"oauth2", "token"} || path == Path{"auth", "me"}) return Route::front_door;
  return Route::nobody;
}

std::string_view name_of(Route route) {
  constexpr std::array<std::string_view, routes> names{"health",     "readiness", "metrics",
                                                       "front_door", "page",      "nobody"};
  return names[static_cast<std::size_t>(route)];
}

bool is_fhir(const std::vector<std::string>& path) {
  return path.size() >= 2 && path[0] == "fhir" && path[1] == "R4";
}

bool is_fhir(std::string_view target) {
  return target.starts_with("/fhir/R4");
}

}  // namespace worker::http
