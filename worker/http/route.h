#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace worker::http {

/// Who answers.
enum class Route { health, readiness, metrics, front_door, page, nobody };
inline constexpr std::size_t routes = 6;

/// `path` as in Request.
Route route_of(const std::vector<std::string>& path);
std::string_view name_of(Route route);

/// Whether FHIR clients ask there: /fhir/R4 and below. Also from a target that could not be read.
bool is_fhir(const std::vector<std::string>& path);
bool is_fhir(std::string_view target);

}  // namespace worker::http
