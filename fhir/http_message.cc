#include "fhir/http_message.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>

namespace fhir {
namespace {

constexpr std::string_view between = ": ", line_end = "\r\n";

// Every request and answer passes here: so no decision at each character.

bool has_control(std::string_view value) {
  bool has = false;
  for (const char c : value) has |= (static_cast<unsigned char>(c) < 0x20) | (c == 0x7f);
  return has;
}

bool is_visible(std::string_view target) {
  bool visible = true;
  for (const char c : target) visible &= (c > 0x20) & (c < 0x7f);
  return visible;
}

/// RFC 9110 section 5.6.2, as far as our own names need it.
bool is_field_name(std::string_view name) {
  bool is = !name.empty();
  for (const char c : name) is &= ((c >= 'A') & (c <= 'Z')) | ((c >= 'a') & (c <= 'z')) | (c == '-');
  return is;
}

/// The value of the next line of that name, taken off `lines` with all before it; nullptr data if there is none.
std::string_view next_value(std::string_view& lines, std::string_view name) {
  while (!lines.empty()) {
    const std::size_t end = lines.find(line_end);
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + line_end.size());
    const bool may_be_it = line.size() > name.size() && line[name.size()] == ':';
    if (may_be_it && boost::beast::iequals({line.data(), name.size()}, {name.data(), name.size()}))
      return line.substr(name.size() + between.size());
  }
  return {};
}

}  // namespace

void HttpFields::add(std::string_view name, std::string_view value) {
  clean_ = clean_ && is_field_name(name) && !has_control(value);
  add_received(name, value);
}

void HttpFields::add_received(std::string_view name, std::string_view value) {
  lines_.append(name).append(between).append(value).append(line_end);
}

std::string HttpFields::joined(std::string_view name) const {
  std::string values;
  std::string_view left = lines_;
  for (auto value = next_value(left, name); value.data(); value = next_value(left, name)) {
    if (!values.empty()) values += ", ";
    values += value;
  }
  return values;
}

bool is_one_request(const HttpRequest& request) {
  return request.target.starts_with('/') && is_visible(request.target) && request.fields.are_clean();
}

std::string_view version_in(std::string_view etag) {
  const std::size_t first = etag.find('"'), last = etag.rfind('"');
  if (first == std::string_view::npos) return etag;
  return last == first ? std::string_view() : etag.substr(first + 1, last - first - 1);
}

std::string status_line(unsigned status) {
  const auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  return std::to_string(status) + " " + std::string(reason);
}

}  // namespace fhir
