#include "fhir/http_message.h"

#include <algorithm>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>

namespace fhir {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// RFC 9110 section 5.6.2, as far as our own names need it.
bool is_field_name(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-'; };
  return !name.empty() && std::ranges::all_of(name, allowed);
}

}  // namespace

std::string HttpFields::joined(std::string_view name) const {
  std::string values;
  for (const auto& [line_name, value] : lines_) {
    if (!boost::beast::iequals(line_name, {name.data(), name.size()})) continue;
    if (!values.empty()) values += ", ";
    values += value;
  }
  return values;
}

bool is_one_request(const HttpRequest& request) {
  const auto visible = [](char c) { return c > 0x20 && c < 0x7f; };
  if (!request.target.starts_with('/') || !std::ranges::all_of(request.target, visible)) return false;
  return std::ranges::all_of(request.fields.lines(), [](const auto& line) {
    return is_field_name(line.first) && std::ranges::none_of(line.second, is_control);
  });
}

std::string status_line(unsigned status) {
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  return std::to_string(status) + " " + std::string(reason);
}

}  // namespace fhir
