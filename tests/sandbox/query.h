#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sandbox {

/// The parameters of a query or a form, decoded, in their order.
struct Query {
  std::vector<std::pair<std::string, std::string>> parameters;

  /// The first of that name.
  std::optional<std::string> get(std::string_view name) const;
  std::string get_or(std::string_view name, std::string_view otherwise) const;
  /// The values of every parameter of that name, each split at commas.
  std::vector<std::string> list(std::string_view name) const;
};

Query parse_query(std::string_view text);
std::string percent_decoded(std::string_view text);
std::string percent_encoded(std::string_view text);
/// `name=value&…`, encoded.
std::string to_text(const Query& query);

}  // namespace sandbox
