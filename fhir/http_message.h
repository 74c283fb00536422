#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace fhir {

enum class HttpMethod { get, post, patch };

/// Header lines in order, kept as they go over the wire; a name may come more than once.
class HttpFields {
 public:
  void add(std::string_view name, std::string_view value);
  /// A line that a parser made out already.
  void add_received(std::string_view name, std::string_view value);
  void reserve(std::size_t bytes) { lines_.reserve(bytes); }
  /// The values of all lines of that name (any case), joined by a comma as RFC 9110 section 5.3 allows; empty if none.
  std::string joined(std::string_view name) const;
  /// Each line with the CRLF that ends it.
  const std::string& lines() const { return lines_; }
  /// Whether each line that was added is one line still: its name is a token, and no control character is in its value.
  bool are_clean() const { return clean_; }

 private:
  std::string lines_;
  bool clean_ = true;
};

struct HttpRequest {
  HttpMethod method = HttpMethod::get;
  std::string target;  ///< path and query
  HttpFields fields;   ///< without Host and Content-Length, which the connection writes
  std::string body;
  bool version_suffices = false;  ///< of a 200 that bears an ETag the body is not wanted
};

struct HttpAnswer {
  unsigned status = 0;
  HttpFields fields;
  std::string body;
};

/// Whether the request could not have become more header lines, or another request, than was meant: no control
/// character and no space in the target, and clean fields.
bool is_one_request(const HttpRequest& request);

/// The version id inside an ETag (RFC 9110 section 8.8.3): without W/ and quotes.
std::string_view version_in(std::string_view etag);

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
