#include "fhir/answer_parser.h"

#include <utility>

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

namespace fhir {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t header_limit = 64U * 1024;
constexpr std::size_t usual_lines = 128;

/// Of the lines, those that somebody asks for (HttpFields::joined).
bool is_asked_for(http::field name, boost::beast::string_view written) {
  switch (name) {
    case http::field::date:
    case http::field::etag:
    case http::field::keep_alive:
    case http::field::retry_after:
    case http::field::www_authenticate:
      return true;
    default:
      return boost::beast::iequals(written, "RateLimit");
  }
}

}  // namespace

AnswerParser::AnswerParser(std::size_t limit, bool version_suffices)
    : body_(limit), version_suffices_(version_suffices) {
  eager(true);
  header_limit(fhir::header_limit);
  body_limit(limit);
}

HttpAnswer AnswerParser::take() {
  answer_.body = std::move(body_.text());
  return std::move(answer_);
}

void AnswerParser::on_request_impl(http::verb /*verb*/, Text /*method*/, Text /*target*/, int /*version*/,
                                   Error& error) {
  error = http::error::bad_version;
}

void AnswerParser::on_response_impl(int code, Text /*reason*/, int /*version*/, Error& /*error*/) {
  answer_.status = static_cast<unsigned>(code);
  answer_.fields.reserve(usual_lines);
}

void AnswerParser::on_field_impl(http::field name, Text written, Text value, Error& /*error*/) {
  const bool tells_of_body = name == http::field::content_type && !version_suffices_;
  if (tells_of_body || is_asked_for(name, written))
    answer_.fields.add_received({written.data(), written.size()}, {value.data(), value.size()});
  if (name == http::field::content_encoding) coding_.append(coding_.empty() ? "" : ", ").append(value);
  if (name == http::field::etag) bears_version_ = !version_in({value.data(), value.size()}).empty();
}

void AnswerParser::on_header_impl(Error& /*error*/) {}

void AnswerParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, Error& error) {
  const bool suffices = version_suffices_ && bears_version_ && answer_.status == 200;
  body_.begin(coding_, length ? std::optional<std::uint64_t>(*length) : std::nullopt, !suffices, error);
}

std::size_t AnswerParser::on_body_impl(Text piece, Error& error) {
  body_.take({piece.data(), piece.size()}, error);
  return piece.size();
}

void AnswerParser::on_chunk_header_impl(std::uint64_t /*size*/, Text /*extensions*/, Error& /*error*/) {}

std::size_t AnswerParser::on_chunk_body_impl(std::uint64_t /*left*/, Text piece, Error& error) {
  return on_body_impl(piece, error);
}

void AnswerParser::on_finish_impl(Error& error) {
  body_.finish(error);
}

}  // namespace fhir
