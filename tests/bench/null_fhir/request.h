#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace null_fhir {

/// A request as far as it matters here; views into the bytes it was read from.
struct Request {
  std::string_view method;
  std::string_view path;
  std::string_view query;
  std::string_view authorization;
  std::string_view if_match;
  std::string_view content_type;
  bool extended = false;  ///< X-Medplum: extended
  std::string_view body;
  std::size_t size = 0;  ///< of all of it

  /// The value of a parameter of the query, as it came.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

enum class Reading { whole, incomplete, broken };
/// Reads one request at the beginning of the bytes. Chunked bodies are not known here: broken.
Reading read_request(std::string_view bytes, Request& request);

}  // namespace null_fhir
