#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/system/error_code.hpp>

#include "fhir/gunzip.h"

namespace fhir {

/// An answer's body, unpacked while it comes, as its Content-Encoding says: none, or gzip. Ends in
/// http::error::body_limit when it grows past `limit` bytes, errc::bad_message when it is no gzip or ends too early,
/// and errc::not_supported for another encoding.
class AnswerBody {
 public:
  explicit AnswerBody(std::size_t limit) : limit_(limit) {}

  /// After the header: with its Content-Encoding, and the length if it says one. An unwanted body is let pass unread.
  void begin(std::string_view coding, std::optional<std::uint64_t> length, bool wanted,
             boost::system::error_code& error);
  void take(std::string_view piece, boost::system::error_code& error);
  void finish(boost::system::error_code& error);

  std::string& text() { return text_; }

 private:
  std::size_t limit_;
  bool wanted_ = true;
  std::optional<Gunzip> gunzip_;
  std::string text_;
};

}  // namespace fhir
