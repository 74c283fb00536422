#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "sandbox/tokens.h"
#include "sandbox/world.h"

namespace sandbox {

/// How `$everything` pages, which depends on the release.
enum class Paging {
  legacy,  ///< before 5.1.18: by _id and offset, next links are a plain search without includes
  offset,  ///< 5.1.18 to 5.1.21: by _id and offset
  cursor,  ///< from 5.1.22: by _lastUpdated and cursor
};

/// How every answer tells what is left of the quotas.
enum class RateLimitHeader {
  two_lines,
  one_line,     ///< joined by a comma
  other_order,  ///< as two_lines, the parameters in another order and among others
  none,
};

/// `Retry-After` of a 429. Medplum has none.
enum class RetryAfter { none, seconds, date };

/// What kind of server to be. The defaults are the newest release, open to everybody, without limits.
struct ServerOptions {
  World::Options world;
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;       ///< 0: any
  std::string public_base;      ///< what links are made of, e.g. https://fhir.example.org/; empty: where it listens
  std::string tls_certificate;  ///< PEM files; both or none
  std::string tls_key;
  std::string version = "5.1.29-sandbox";

  Paging paging = Paging::cursor;
  long offset_cap = 10'000;         ///< maxSearchOffset
  bool search_mode = true;          ///< false: entries without search.mode
  bool compartment_in_meta = true;  ///< false: meta.compartment is never shown
  bool hide_accounts = true;        ///< from 5.1.15: meta.accounts only in extended mode
  bool etag = true;                 ///< false: a proxy drops it
  bool if_match = true;             ///< false: PATCH ignores If-Match, as before 5.1.28

  bool auth = false;  ///< FHIR requests and /auth/me want a token
  Tokens::Options tokens;
  bool admin = true;  ///< false: this client's account writes are silently ignored
  bool super_admin = false;
  bool auth_me = true;        ///< false: GET /auth/me is 404
  std::string access_policy;  ///< its name in /auth/me; empty: none

  long quota = 0;  ///< FHIR points a window; 0: none
  std::chrono::milliseconds quota_window = std::chrono::seconds(60);
  long request_quota = 60'000;  ///< requests a window
  RateLimitHeader rate_limit_header = RateLimitHeader::two_lines;
  RetryAfter retry_after = RetryAfter::none;
  std::chrono::seconds clock_ahead{0};  ///< of the dates in its headers
  bool reset_in_outcome = true;         ///< false: the body of a 429 does not tell when the window ends

  bool gzip = true;  ///< packs answers of more than 1 kB for those who ask for it

  std::chrono::milliseconds latency{0};  ///< of every FHIR request, half before it is carried out
  std::function<std::chrono::milliseconds(long)> latency_in_flight;  ///< instead: from the requests in flight
  std::uint64_t seed = 1;                                            ///< of faults that have a probability
};

}  // namespace sandbox
