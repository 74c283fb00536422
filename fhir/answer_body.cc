#include "fhir/answer_body.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/system/errc.hpp>

#include "fhir/plain_text.h"

namespace fhir {

using boost::beast::iequals;
using boost::system::error_code;
namespace http = boost::beast::http;

/// RFC 9110 section 8.4.1.3: x-gzip is gzip.
void AnswerBody::begin(std::string_view coding, std::optional<std::uint64_t> length, bool wanted, error_code& error) {
  error = {};
  wanted_ = wanted;
  if (!wanted) return;
  const boost::beast::string_view name(coding.data(), coding.size());
  const bool packed = iequals(name, "gzip") || iequals(name, "x-gzip");
  if (packed) {
    gunzip_.emplace();
  } else if (!coding.empty() && !iequals(name, "identity")) {
    error = make_error_code(boost::system::errc::not_supported);
  } else if (length && *length > limit_) {
    error = http::error::body_limit;
  } else if (length) {
    // Who parses it needs room behind it: a page would move to a place of twice its size for that.
    text_.reserve(static_cast<std::size_t>(*length) + plain_text_padding);
  }
}

void AnswerBody::finish(error_code& error) {
  error = {};
  if (gunzip_ && !gunzip_->complete()) error = make_error_code(boost::system::errc::bad_message);
}

void AnswerBody::take(std::string_view piece, error_code& error) {
  error = {};
  if (!wanted_) return;
  if (!gunzip_) {
    if (piece.size() > limit_ - text_.size()) {
      error = http::error::body_limit;
    } else {
      text_.append(piece);
    }
    return;
  }
  switch (gunzip_->unpack(piece, text_, limit_)) {
    case Gunzip::Result::ok:
      break;
    case Gunzip::Result::too_large:
      error = http::error::body_limit;
      break;
    case Gunzip::Result::damaged:
      error = make_error_code(boost::system::errc::bad_message);
      break;
  }
}

}  // namespace fhir
