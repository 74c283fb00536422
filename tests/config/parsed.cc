#include "tests/config/parsed.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

namespace test {

config::Invocation parsed(const std::vector<std::string>& arguments, const Variables& variables, bool terminal) {
  std::vector<const char*> argv = {"set-accounts"};
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  const config::Environment environment{
      .variable =
          [&variables](const std::string& name) {
            const auto found = variables.find(name);
            return found == variables.end() ? std::nullopt : std::optional<std::string>(found->second);
          },
      .terminal = terminal};
  return config::parse(static_cast<int>(argv.size()), argv.data(), environment);
}

std::string refusal_of(const std::vector<std::string>& arguments, const Variables& variables) {
  try {
    parsed(arguments, variables);
  } catch (const config::BadUsage& refused) {
    return refused.what();
  }
  return "accepted";
}

TemporaryFile::TemporaryFile(const std::string& content)
    : path_(std::filesystem::temp_directory_path() / "set-accounts-XXXXXX") {
  const int opened = mkstemp(path_.data());
  if (opened < 0) throw std::runtime_error("no temporary file");
  close(opened);
  std::ofstream(path_) << content;
}

TemporaryFile::~TemporaryFile() {
  std::filesystem::remove(path_);
}

}  // namespace test
