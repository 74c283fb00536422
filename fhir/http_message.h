#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fhir {

enum class HttpMethod { get, post, patch };

/// Header lines in order; a name may come more than once.
class HttpFields {
 public:
  void add(std::string name, std::string value) { lines_.emplace_back(std::move(name), std::move(value)); }
  /// The values of all lines of that name (any case), joined by a comma as RFC 9110 section 5.3 allows; empty if none.
  std::string joined(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& lines() const { return lines_; }

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
};

struct HttpRequest {
  HttpMethod method = HttpMethod::get;
  std::string target;  ///< path and query
  HttpFields fields;   ///< without Host and Content-Length, which the connection writes
  std::string body;
};

struct HttpAnswer {
  unsigned status = 0;
  HttpFields fields;
  std::string body;
};

/// Whether the request could have become more header lines, or another request, than was meant: a control character
/// or a space in the target, a control character in a header, a name that is no token.
bool is_one_request(const HttpRequest& request);

/// e.g. "503 Service Unavailable": our own words, never the server's.
std::string status_line(unsigned status);

/// No whole answer was had.
struct TransportError : std::runtime_error {
  enum class Kind {
    unreachable,  ///< no connection: name not found, refused, no route
    broken,       ///< the connection ended before the answer did
    timed_out,    ///< the request's time was up
    untrusted,    ///< the server could not prove who it is (TLS)
    garbled,      ///< what came is not HTTP
    too_large,    ///< the answer passed our size limit
  };
  TransportError(Kind what_kind, bool has_answer_begun, const std::string& message)
      : std::runtime_error(message), kind(what_kind), answer_begun(has_answer_begun) {}

  Kind kind;
  bool answer_begun;  ///< some byte of an answer was read
};

}  // namespace fhir
