#include "worker/http/front_door/route.h"

#include <algorithm>
#include <span>

#include "fhir/reference.h"

namespace worker::http::front_door {
namespace {

using Path = std::span<const std::string>;

bool is(Path path, std::initializer_list<std::string_view> segments) {
  return std::ranges::equal(path, segments);
}

Route route_of_job(Path path) {
  const std::string& id = path[1];
  if (!fhir::is_id(id)) return {};
  if (is(path, {"job", id, "status"})) return {Operation::job_status, "", id};
  if (is(path, {"AsyncJob", id})) return {Operation::async_job, "", id};
  if (is(path, {"AsyncJob", id, "$cancel"})) return {Operation::cancel, "", id};
  return {};
}

/// Of what is below /fhir/R4.
Route route_of_fhir(Path path) {
  if (is(path, {"metadata"})) return {Operation::metadata, "", ""};
  if (is(path, {"OperationDefinition", "set-accounts"})) return {Operation::operation_definition, "", ""};
  if (path.size() < 2) return {};
  if (const Route job = route_of_job(path); job.operation != Operation::none) return job;
  const bool operation = path.size() == 3 && path[2] == "$set-accounts";
  if (!operation || !fhir::is_type(path[0]) || !fhir::is_id(path[1])) return {};
  return {Operation::set_accounts, path[0], path[1]};
}

}  // namespace

Route route_of(const std::vector<std::string>& path) {
  const Path all(path);
  if (is(all, {"oauth2", "token"})) return {Operation::token, "", ""};
  if (is(all, {"auth", "me"})) return {Operation::me, "", ""};
  if (all.size() < 2 || !is(all.first(2), {"fhir", "R4"})) return {};
  return route_of_fhir(all.subspan(2));
}

std::string_view methods_of(Operation operation) {
  switch (operation) {
    case Operation::set_accounts:
    case Operation::cancel:
    case Operation::token:
      return "POST";
    case Operation::job_status:
      return "GET, HEAD, DELETE";
    case Operation::async_job:
    case Operation::metadata:
    case Operation::operation_definition:
    case Operation::me:
      return "GET, HEAD";
    case Operation::none:
      break;
  }
  return "";
}

bool may_be_asked(Operation operation, std::string_view method) {
  for (std::string_view left = methods_of(operation); !left.empty();) {
    const auto end = left.find(", ");
    if (left.substr(0, end) == method) return true;
    left.remove_prefix(end == std::string_view::npos ? left.size() : end + 2);
  }
  return false;
}

}  // namespace worker::http::front_door
