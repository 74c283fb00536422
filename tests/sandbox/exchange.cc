#include "sandbox/exchange.h"

#include <array>

#include "sandbox/compartment.h"

namespace sandbox {
namespace {

constexpr std::array<std::string_view, 10> kind_names = {"any", "read",     "page",   "patch",   "token",
                                                         "me",  "metadata", "health", "control", "other"};

constexpr std::string_view fhir_root = "/fhir/R4/";
constexpr std::string_view everything = "/$everything";

void classify_fhir(Asked& asked, std::string_view rest) {
  if (asked.method == "GET" && rest == "metadata") {
    asked.kind = RequestKind::metadata;
  } else if (asked.method == "GET" && rest.ends_with(everything)) {
    asked.kind = RequestKind::page;
    asked.reference = rest.substr(0, rest.size() - everything.size());
  } else if (asked.method == "GET" && rest.find('/') == std::string_view::npos) {
    asked.kind = RequestKind::page;
    asked.reference = asked.query.get_or("_compartment", "");
  } else if (asked.method == "GET" || asked.method == "PATCH") {
    asked.kind = asked.method == "GET" ? RequestKind::read : RequestKind::patch;
    asked.reference = rest;
  }
}

}  // namespace

std::string_view name_of(RequestKind kind) {
  return kind_names.at(static_cast<std::size_t>(kind));
}

std::string_view Asked::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

void classify(Asked& asked) {
  const std::string_view path = asked.path;
  if (path == "/oauth2/token") asked.kind = RequestKind::token;
  if (path == "/auth/me" && asked.method == "GET") asked.kind = RequestKind::me;
  if (path == "/healthcheck" && asked.method == "GET") asked.kind = RequestKind::health;
  if (path.starts_with("/sandbox/")) asked.kind = RequestKind::control;
  if (path.starts_with(fhir_root)) classify_fhir(asked, path.substr(fhir_root.size()));
}

}  // namespace sandbox
