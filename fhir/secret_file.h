#pragma once

#include <filesystem>
#include <string>

namespace fhir {

/// A file with one secret in it (a token, a client secret), read again whenever it has changed: secrets are rotated
/// under a running program.
class SecretFile {
 public:
  /// `option` is what messages call it, e.g. --token-file.
  SecretFile(std::filesystem::path path, std::string option) : path_(std::move(path)), option_(std::move(option)) {}

  /// Without the blanks and newlines around it. Throws ServerUnavailable: unreadable, empty, more than one line.
  const std::string& contents();

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
  Version read_version_;
  std::string contents_;
};

}  // namespace fhir
