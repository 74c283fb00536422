#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "fhir/stop.h"

namespace fhir {

/// A file with one secret in it (a token, a client secret), or with one a line, read again whenever it has changed:
/// secrets are rotated under a running program.
class SecretFile {
 public:
  enum class Holds { one_line, lines };
  /// `option` is what messages call it, e.g. --token-file.
  SecretFile(std::filesystem::path path, std::string option, Holds holds = Holds::one_line)
      : path_(std::move(path)), option_(std::move(option)), holds_(holds) {}

  /// Without the blanks and newlines around it. Throws ServerUnavailable: unreadable, empty, more than it may hold.
  const std::string& contents();
  /// The same, at most a tenth of a second old: to look at the file for each request would cost as much as sending it.
  const std::string& recent_contents();

 private:
  /// What stat tells of a version of the file; a file moved into place has another inode.
  struct Version {
    std::int64_t modified = -1;  ///< ns
    std::int64_t size = -1;
    std::uint64_t inode = 0;
    bool operator==(const Version&) const = default;
  };

  Version version() const;
  std::string read() const;

  std::filesystem::path path_;
  std::string option_;
  Holds holds_;
  Version read_version_;
  std::string contents_;
  Clock::time_point looked_at_ = Clock::time_point::min();
};

}  // namespace fhir
