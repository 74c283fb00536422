#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "config/command_line.h"

namespace test {

using Variables = std::map<std::string, std::string>;

/// What `set-accounts ARGUMENTS…` comes to, with these variables and no others.
config::Invocation parsed(const std::vector<std::string>& arguments, const Variables& variables = {},
                          bool terminal = false);

/// The sentence it is refused with; "accepted" if it is not.
std::string refusal_of(const std::vector<std::string>& arguments, const Variables& variables = {});

/// A file that is gone when the test ends.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace test
