#include "fhir/secret_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

#include "fhir/client.h"

namespace fhir {
namespace {

constexpr std::int64_t size_limit = 64L * 1024;
constexpr std::chrono::milliseconds recently(100);
constexpr std::string_view blanks = " \t\r\n";

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

const std::string& SecretFile::recent_contents() {
  const bool recent = looked_at_ > Clock::now() - recently;
  return recent ? contents_ : contents();
}

const std::string& SecretFile::contents() {
  looked_at_ = Clock::time_point::min();
  const Version now = version();
  if (now != read_version_) {
    contents_ = read();
    read_version_ = now;
  }
  looked_at_ = Clock::now();
  return contents_;
}

SecretFile::Version SecretFile::version() const {
  struct stat status{};
  if (stat(path_.c_str(), &status) != 0) {
    throw ServerUnavailable(option_ + " " + path_.string() + " cannot be read: " + std::strerror(errno));
  }
  return {status.st_mtim.tv_sec * 1'000'000'000L + status.st_mtim.tv_nsec, status.st_size, status.st_ino};
}

std::string SecretFile::read() const {
  std::ifstream file(path_, std::ios::binary);
  std::string text(static_cast<std::size_t>(size_limit) + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.empty() && !file.eof()) throw ServerUnavailable(option_ + " " + path_.string() + " cannot be read");
  std::string secret = trimmed(text);
  const auto control = [this](char c) {
    const bool ends_line = holds_ == Holds::lines && (c == '\n' || c == '\r');
    return !ends_line && (static_cast<unsigned char>(c) < 0x20 || c == 0x7f);
  };
  if (secret.empty() || secret.size() > static_cast<std::size_t>(size_limit) || std::ranges::any_of(secret, control)) {
    throw ServerUnavailable(
        option_ + " " + path_.string() + " must hold " +
        (holds_ == Holds::lines ? "one secret a line and nothing else" : "one line: the secret and nothing else"));
  }
  return secret;
}

}  // namespace fhir
