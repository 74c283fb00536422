#pragma once

#include <chrono>
#include <filesystem>

namespace queue {

/// A flock on a file: shared by many holders or held by one alone; gone with its last holder, however that ends.
class FileLock {
 public:
  /// Creates the file if need be; holds nothing yet. Throws std::runtime_error.
  explicit FileLock(const std::filesystem::path& file);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  /// Whether it is now held alone. If not, it is not held at all, even if it was held shared.
  bool try_alone() const;
  /// Whether it is now held shared.
  bool try_shared() const;
  void release() const;

  /// A child process that gets this descriptor holds the lock too.
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace queue
