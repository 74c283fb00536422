#include "tests/fhir/json_oracle.h"

// Boost.JSON is compiled here, once.
#include <algorithm>
#include <charconv>

#include <boost/json/src.hpp>

namespace oracle {

namespace {

constexpr std::size_t none = 0x10000;

/// What `\uXXXX` at the front stands for.
std::size_t code_unit(std::string_view json) {
  if (!json.starts_with("\\u") || json.size() < 6) return none;
  unsigned code = 0;
  const auto [end, error] = std::from_chars(json.data() + 2, json.data() + 6, code, 16);
  return error == std::errc() && end == json.data() + 6 ? code : none;
}

}  // namespace

boost::json::value parse(std::string_view json) {
  return boost::json::parse(boost::json::string_view(json.data(), json.size()), {}, {.max_depth = 100});
}

std::string with_whole_pairs(std::string_view json) {
  std::string whole;
  while (!json.empty()) {
    const std::size_t plain = json.front() == '\\' ? 0 : std::min(json.find('\\'), json.size());
    const std::size_t unit = code_unit(json), following = unit == none ? none : code_unit(json.substr(6));
    const bool high = unit >= 0xD800 && unit < 0xDC00, low = unit >= 0xDC00 && unit < 0xE000;
    const bool pair = high && following >= 0xDC00 && following < 0xE000;
    std::size_t size = unit == none ? 2 : 6;
    if (pair) size = 12;
    if (plain > 0) size = plain;
    whole += (high || low) && !pair ? R"(\ufffd)" : json.substr(0, size);
    json.remove_prefix(std::min(size, json.size()));
  }
  return whole;
}

const boost::json::value* member(const boost::json::value* object, std::string_view name) {
  return object != nullptr && object->is_object() ? object->get_object().if_contains({name.data(), name.size()})
                                                  : nullptr;
}

std::string string(const boost::json::value* value) {
  return value != nullptr && value->is_string() ? std::string(value->get_string().c_str(), value->get_string().size())
                                                : std::string();
}

boost::json::array account_references(const boost::json::value& meta) {
  const auto* single = member(&meta, "account");
  const auto* list = member(&meta, "accounts");
  boost::json::array accounts = list == nullptr ? boost::json::array{} : list->as_array();
  if (single == nullptr) return accounts;
  for (const auto& account : accounts)
    if (string(member(&account, "reference")) == string(member(single, "reference"))) return accounts;
  accounts.insert(accounts.begin(), *single);
  return accounts;
}

}  // namespace oracle
