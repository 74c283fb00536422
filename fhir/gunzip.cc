#include "fhir/gunzip.h"

#include <array>
#include <stdexcept>

#define ZLIB_CONST
#include <zlib.h>

namespace fhir {
namespace {

constexpr int gzip_only = 16 + MAX_WBITS;

}  // namespace

struct Gunzip::Stream {
  Stream() {
    if (inflateInit2(&z, gzip_only) != Z_OK) throw std::runtime_error("zlib cannot be used");
  }
  ~Stream() { inflateEnd(&z); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  z_stream z{};
  std::array<char, 64UL * 1024> unpacked{};
};

Gunzip::Gunzip() : stream_(std::make_unique<Stream>()) {}
Gunzip::~Gunzip() = default;

Gunzip::Result Gunzip::unpack(std::string_view piece, std::string& text, std::size_t limit) {
  z_stream& z = stream_->z;
  auto& unpacked = stream_->unpacked;

  z.next_in = reinterpret_cast<const Bytef*>(piece.data());
  z.avail_in = static_cast<uInt>(piece.size());
  bool has_more = z.avail_in > 0;
  while (has_more) {
    if (complete_) inflateReset(&z);
    complete_ = false;
    z.next_out = reinterpret_cast<Bytef*>(unpacked.data());
    z.avail_out = static_cast<uInt>(unpacked.size());
    const int result = inflate(&z, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return Result::damaged;
    const std::size_t produced = unpacked.size() - z.avail_out;
    if (produced > limit - text.size()) return Result::too_large;
    text.append(unpacked.data(), produced);
    complete_ = result == Z_STREAM_END;
    has_more = z.avail_in > 0 || (!complete_ && z.avail_out == 0);
  }
  return Result::ok;
}

}  // namespace fhir
