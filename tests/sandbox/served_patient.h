#pragma once

#include <string>
#include <vector>

#include "sandbox/http_client.h"
#include "sandbox/seeding.h"
#include "sandbox/server.h"

namespace sandbox {

/// A server with a seeded patient, and a client that is connected to it.
struct ServedPatient {
  explicit ServedPatient(ServerOptions options = {}, const Seeding& seeding = {}) : server(std::move(options)) {
    server.with_world([&](World& world) { seeded = seed_compartment(world, seeding); });
  }

  Reply get(const std::string& reference, const Headers& headers = extended) {
    return client.get("/fhir/R4/" + reference, headers);
  }
  Reply patch(const std::string& reference, const std::string& operations, const Headers& headers = extended) {
    return client.patch("/fhir/R4/" + reference, operations, headers);
  }
  /// A page by the path and query of a link, or below /fhir/R4/.
  Reply page(const std::string& what, const Headers& headers = extended) {
    return what.starts_with("http") ? client.get(what.substr(what.find('/', 8)), headers) : get(what, headers);
  }
  /// meta.accounts, as references with a blank between them.
  std::string accounts(const std::string& reference);

  Server server;
  HttpClient client{server.port()};
  Seeded seeded;
};

inline const std::string everything = "Patient/p/$everything";

/// The `next` link of a page, or nothing.
std::string next_of(const Reply& page);
/// Type/id of a page's entries of one search.mode, in order.
std::vector<std::string> entries(const Reply& page, std::string_view mode = "match");
/// A patch that sets both meta.accounts and meta.account.
std::string set_accounts_patch(const std::vector<std::string>& accounts);

}  // namespace sandbox
