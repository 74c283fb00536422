#include "queue/file_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <stdexcept>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

namespace queue {
namespace {

bool try_lock(int descriptor, int kind) {
  int result = 0;
  do {
    result = ::flock(descriptor, kind | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  return result == 0;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& file)
    : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR)) {
  if (descriptor_ < 0)
    throw std::runtime_error("the lock " + file.string() +
                             " cannot be opened: " + std::generic_category().message(errno));
}

FileLock::~FileLock() {
  ::close(descriptor_);
}

bool FileLock::try_alone() const {
  return try_lock(descriptor_, LOCK_EX);
}

bool FileLock::try_shared() const {
  return try_lock(descriptor_, LOCK_SH);
}

void FileLock::release() const {
  ::flock(descriptor_, LOCK_UN);
}

}  // namespace queue
