#include "tests/fhir/json_oracle.h"

// Boost.JSON is compiled here, once.
#include <boost/json/src.hpp>

namespace oracle {

boost::json::value parse(std::string_view json) {
  return boost::json::parse(boost::json::string_view(json.data(), json.size()), {}, {.max_depth = 100});
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
