#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "worker/http/limits.h"
#include "worker/http/refusal.h"

namespace worker::http {

/// Finds the end of a request's head in what was received so far, each byte looked at once.
class HeadSearch {
 public:
  /// The head's size with its empty line, once it is there. Refuses what can never become a head as soon as it is seen:
  /// a control character, a CR or LF alone, too many bytes.
  std::optional<std::size_t> look(std::string_view received, std::size_t limit);

 private:
  std::size_t looked_at_ = 0;
};

/// Whether one whole head, its empty line included, is a request of RFC 9112, with nothing left out and nothing that
/// another reader could understand in another way: a proxy before us and we must agree where a request ends. Beast's
/// parser, which reads it then, is more lenient.
std::optional<Refused> judge_head(std::string_view head, const Limits& limits);

/// `name`, `name:port`, an IPv4 address or an IPv6 one in brackets.
bool is_host(std::string_view text);

}  // namespace worker::http
