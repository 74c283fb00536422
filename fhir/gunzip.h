#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace fhir {

/// Undoes gzip (RFC 1952) piece by piece; several members one after the other are one text.
class Gunzip {
 public:
  enum class Result { ok, too_large, damaged };

  Gunzip();
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  /// Appends to `text` what the piece unpacks to, up to `limit` bytes in all: a few kB may be meant to become many GB.
  Result unpack(std::string_view piece, std::string& text, std::size_t limit);
  /// Whether it may end here.
  bool complete() const { return complete_; }

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
  bool complete_ = true;
};

}  // namespace fhir
