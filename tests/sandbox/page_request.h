#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sandbox/exchange.h"
#include "sandbox/server_options.h"

namespace sandbox {

enum class Sort { id, last_updated };

/// Where the next page by cursor begins, and which resources of that millisecond were on this one.
struct Cursor {
  std::int64_t instant = 0;
  std::vector<std::string> excluded;
};

/// A page of a compartment, through `$everything` or a plain search.
struct PageRequest {
  bool everything = false;
  std::string patient;
  std::string searched_type;       ///< of a plain search: the type in its path
  std::vector<std::string> types;  ///< never empty
  bool types_named = false;        ///< they were asked for, and so stay in the links
  Sort sort = Sort::id;
  long count = 0;
  long offset = 0;
  std::int64_t since = 0;
  std::optional<Cursor> cursor;

  /// Cursor links need a first offset of 0, the one sort, and pages large enough for resources of one millisecond.
  bool by_cursor() const { return sort == Sort::last_updated && offset == 0 && count >= 20; }
};

inline constexpr long most_a_page = 1000;

std::variant<PageRequest, Answer> page_request(const Asked& asked, const ServerOptions& options);
std::optional<Cursor> parse_cursor(std::string_view text);
std::string to_text(const Cursor& cursor);

}  // namespace sandbox
