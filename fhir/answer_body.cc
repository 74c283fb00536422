#include "fhir/unpacked_body.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/system/errc.hpp>

namespace fhir {

using boost::system::error_code;
namespace http = boost::beast::http;

/// RFC 9110 section 8.4.1.3: x-gzip is gzip.
void UnpackedBody::reader::init(const boost::optional<std::uint64_t>& length, error_code& error) {
  error = {};
  const auto coding = fields_[http::field::content_encoding];
  const bool packed = boost::beast::iequals(coding, "gzip") || boost::beast::iequals(coding, "x-gzip");
  if (packed) {
    gunzip_.emplace();
  } else if (!coding.empty() && !boost::beast::iequals(coding, "identity")) {
    error = make_error_code(boost::system::errc::not_supported);
  } else if (length && *length > body_.limit) {
    error = http::error::body_limit;
  } else if (length) {
    body_.text.reserve(static_cast<std::size_t>(*length));
  }
}

void UnpackedBody::reader::finish(error_code& error) {
  error = {};
  if (gunzip_ && !gunzip_->complete()) error = make_error_code(boost::system::errc::bad_message);
}

void UnpackedBody::reader::take(std::string_view piece, error_code& error) {
  error = {};
  if (!gunzip_) {
    if (piece.size() > body_.limit - body_.text.size()) {
      error = http::error::body_limit;
    } else {
      body_.text.append(piece);
    }
    return;
  }
  switch (gunzip_->unpack(piece, body_.text, body_.limit)) {
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
