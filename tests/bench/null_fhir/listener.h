#pragma once

#include <cstdint>
#include <string>

namespace null_fhir {

/// A descriptor that is closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& from) noexcept : number_(from.number_) { from.number_ = -1; }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

/// Listens on 127.0.0.1; with port 0 the kernel chooses. Throws std::system_error.
Descriptor listen_at(std::uint16_t port);
/// http://127.0.0.1:1234
std::string origin_of(const Descriptor& listener);

}  // namespace null_fhir
