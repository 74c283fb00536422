#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace null_fhir {

/// The answer of one connection: a buffer that is kept from one to the next, and what of it is not sent yet.
class Outgoing {
 public:
  /// Room for an answer of at most so many bytes.
  char* begin(std::size_t most) {
    if (most > capacity_) {
      bytes_ = std::make_unique_for_overwrite<char[]>(most);
      capacity_ = most;
    }
    return bytes_.get();
  }
  void end(const char* end) {
    size_ = static_cast<std::size_t>(end - bytes_.get());
    sent_ = 0;
  }

  std::string_view unsent() const { return {bytes_.get() + sent_, size_ - sent_}; }
  void sent(std::size_t count) { sent_ += count; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  std::size_t sent_ = 0;
};

inline char* append(char* to, std::string_view text) {
  std::memcpy(to, text.data(), text.size());
  return to + text.size();
}

}  // namespace null_fhir
