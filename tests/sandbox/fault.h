#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "sandbox/exchange.h"

namespace sandbox {

enum class FaultKind {
  status,         ///< `status` instead of the answer
  reset,          ///< the connection is reset, no answer
  stall,          ///< no answer for `wait`, or for ever (0)
  drip,           ///< the answer comes `size` bytes at a time, `wait` between them
  truncate,       ///< half of the body under the whole's Content-Length, then the connection ends
  half_json,      ///< half of the body, of which Content-Length says it is all
  invalid_utf8,   ///< a byte of a JSON string is none of UTF-8
  html,           ///< 200 with a page of HTML
  wrong_length,   ///< Content-Length is `size` bytes more than come; the connection stays open
  chunked,        ///< Transfer-Encoding: chunked, pieces of `size`; nothing is wrong with it
  huge_header,    ///< a header of `size` bytes
  deep_json,      ///< 200 with arrays nested `size` deep
  empty_body,     ///< 200 with nothing
  revoke_tokens,  ///< every token issued so far is void, from this request on
  next_origin,    ///< the page's next link leads to the origin in `url`
  next_path,      ///< the page's next link has the path in `url`
  next_loop,      ///< the page's next link is the page itself
  ignore_write,   ///< a PATCH is answered 200 with the old version, and nothing is stored
  short_length,   ///< Content-Length is `size` bytes less than come; the connection stays open
};

enum class FaultBody { usual, outcome, html, plain };

/// What goes wrong, for which requests, and how often.
struct Fault {
  FaultKind kind = FaultKind::status;
  RequestKind on = RequestKind::any;
  // NOLINTNEXTLINE(readability-redundant-member-init): designated initialisers may leave it out
  std::string reference = {};  ///< only requests about this Type/id
  double probability = 1;      ///< from the server's seed
  long nth = 0;                ///< only the nth request that fits, counted from 1
  long times = 0;              ///< at most so often; 0: no end
  unsigned status = 503;
  FaultBody body = FaultBody::usual;
  bool after_commit = false;  ///< status, reset and stall: the request is carried out first
  std::chrono::milliseconds wait{0};
  std::size_t size = 16;
  // NOLINTNEXTLINE(readability-redundant-member-init): designated initialisers may leave it out
  std::string url = {};
  std::string text = "Sandbox fault";  ///< of FaultBody::outcome
};

}  // namespace sandbox
