#include "worker/http/same_name.h"

#include <algorithm>
#include <cctype>

namespace worker::http {

bool same_name(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other,
                            [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

}  // namespace worker::http
