#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sandbox/query.h"

namespace sandbox {

enum class RequestKind { any, read, page, patch, token, me, metadata, health, control, other };
std::string_view name_of(RequestKind kind);

/// One request, without its transport.
struct Asked {
  std::string method;
  std::string path;    ///< decoded
  std::string target;  ///< as it was sent: path and query
  Query query;
  std::map<std::string, std::string, std::less<>> headers;  ///< names in small letters
  std::string body;
  RequestKind kind = RequestKind::other;
  std::string reference;  ///< Type/id that a read, a page or a patch is about

  std::string_view header(std::string_view name) const;
  bool extended() const { return header("x-medplum") == "extended"; }
};
/// Finds out what kind of request it is, and about which resource.
void classify(Asked& asked);

struct Answer {
  unsigned status = 200;
  std::string body;
  std::string content_type = "application/fhir+json; charset=utf-8";
  std::vector<std::pair<std::string, std::string>> headers;
  bool packed = false;  ///< goes out as gzip
};

}  // namespace sandbox
