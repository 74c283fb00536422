#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace config {

/// The command line, the environment or the file asks for something that cannot be: one sentence that says what is
/// allowed. Nothing was connected yet; the exit code is 2.
struct BadUsage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// "'5' is not allowed; it takes a whole number from 20 to 1000", to be put behind the option's name.
inline std::string not_allowed(std::string_view value, std::string_view allowed) {
  std::string sentence = "'";
  return sentence.append(value).append("' is not allowed; it takes ").append(allowed);
}

}  // namespace config
