#include "worker/http/message.h"

#include "worker/http/same_name.h"

namespace worker::http {

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
