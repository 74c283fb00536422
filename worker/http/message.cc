#include "worker/http/message.h"

#include <algorithm>
#include <cctype>

#include "worker/http/same_name.h"

namespace worker::http {

bool same_name(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other,
                            [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

std::string joined(const Fields& fields, std::string_view name) {
  std::string values;
  bool found = false;
  for (const auto& [field, value] : fields) {
    if (!same_name(field, name)) continue;
    values.append(found ? ", " : "").append(value);
    found = true;
  }
  return values;
}

}  // namespace worker::http
