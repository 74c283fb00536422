#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <boost/beast/http/basic_parser.hpp>

#include "fhir/answer_body.h"
#include "fhir/http_message.h"

namespace fhir {

/// Beast's parser of one HTTP/1.1 answer, which keeps its header lines in one piece and unpacks its body while it
/// comes.
class AnswerParser final : public boost::beast::http::basic_parser<false> {
 public:
  /// Bodies of more than `body_limit` bytes, unpacked, end in http::error::body_limit. `version_suffices`: see
  /// HttpRequest.
  AnswerParser(std::size_t body_limit, bool version_suffices);

  unsigned status() const { return answer_.status; }
  /// Once it is done.
  HttpAnswer take();

 private:
  using Text = boost::beast::string_view;
  using Error = boost::beast::error_code;

  void on_request_impl(boost::beast::http::verb verb, Text method, Text target, int version, Error& error) override;
  void on_response_impl(int code, Text reason, int version, Error& error) override;
  void on_field_impl(boost::beast::http::field name, Text written, Text value, Error& error) override;
  void on_header_impl(Error& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, Error& error) override;
  std::size_t on_body_impl(Text piece, Error& error) override;
  void on_chunk_header_impl(std::uint64_t size, Text extensions, Error& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t left, Text piece, Error& error) override;
  void on_finish_impl(Error& error) override;

  HttpAnswer answer_;
  AnswerBody body_;
  std::string coding_;
  bool version_suffices_;
  bool bears_version_ = false;
};

}  // namespace fhir
