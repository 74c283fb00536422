#include "sandbox/delivery.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "sandbox/gzip.h"
#include "sandbox/outcome.h"

namespace sandbox {
namespace {

constexpr std::string_view html = "<!DOCTYPE html><html><body><h1>We will be right back</h1></body></html>";

std::string_view reason(unsigned status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Payload Too Large";
    case 422:
      return "Unprocessable Entity";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

void replace_body(Answer& answer, std::string body, std::string_view content_type) {
  answer.status = 200;
  answer.body = std::move(body);
  answer.content_type = content_type;
}

void spoil(Answer& answer, const Fault& fault) {
  const std::size_t text = answer.body.find(":\"");
  switch (fault.kind) {
    case FaultKind::half_json:
      answer.body.resize(answer.body.size() / 2);
      break;
    case FaultKind::invalid_utf8:
      if (text != std::string::npos) answer.body.insert(text + 2, 1, '\xff');
      break;
    case FaultKind::html:
      replace_body(answer, std::string(html), "text/html");
      break;
    case FaultKind::empty_body:
      replace_body(answer, "", answer.content_type);
      break;
    case FaultKind::deep_json:
      replace_body(answer, std::string(fault.size, '[') + std::string(fault.size, ']'), answer.content_type);
      break;
    case FaultKind::huge_header:
      answer.headers.emplace_back("X-Huge", std::string(fault.size, 'h'));
      break;
    default:
      break;
  }
}

std::string in_chunks(const std::string& body, std::size_t piece) {
  std::string chunks;
  for (std::size_t at = 0; at < body.size(); at += piece) {
    std::array<char, 24> size{};
    const std::size_t length = std::min(piece, body.size() - at);
    std::snprintf(size.data(), size.size(), "%zx\r\n", length);
    chunks += size.data() + body.substr(at, length) + "\r\n";
  }
  return chunks + "0\r\n\r\n";
}

/// As Medplum's middleware does it: the length is not known beforehand, so it goes out in chunks.
void pack(Answer& answer) {
  answer.body = gzipped(answer.body);
  answer.headers.emplace_back("Content-Encoding", "gzip");
  answer.headers.emplace_back("Vary", "Accept-Encoding");
}

/// Content-Length or chunks, and what of the body really goes out.
void frame(Delivery& delivery, bool packed, const std::optional<Fault>& fault) {
  const FaultKind kind = fault ? fault->kind : FaultKind::status;
  if (packed && !fault) {
    constexpr std::size_t chunk = 16'384;
    delivery.head += "Transfer-Encoding: chunked\r\n\r\n";
    delivery.body = in_chunks(delivery.body, chunk);
    return;
  }
  if (fault && kind == FaultKind::chunked) {
    delivery.head += "Transfer-Encoding: chunked\r\n\r\n";
    delivery.body = in_chunks(delivery.body, std::max<std::size_t>(fault->size, 1));
    return;
  }
  std::size_t length = delivery.body.size();
  if (kind == FaultKind::wrong_length) length += fault->size;
  if (kind == FaultKind::short_length) length -= std::min(length, fault->size);
  delivery.head += "Content-Length: " + std::to_string(length) + "\r\n\r\n";
  if (kind == FaultKind::truncate) {
    delivery.body.resize(delivery.body.size() / 2);
    delivery.close = true;
  }
  if (fault && kind == FaultKind::drip) {
    delivery.piece = std::max<std::size_t>(fault->size, 1);
    delivery.pause = fault->wait;
  }
}

}  // namespace

Delivery delivery_of(Answer answer, bool keep_alive, const std::optional<Fault>& fault) {
  if (fault) spoil(answer, *fault);
  if (answer.packed) pack(answer);
  Delivery delivery;
  delivery.close = !keep_alive;
  delivery.head = "HTTP/1.1 " + std::to_string(answer.status) + " " + std::string(reason(answer.status)) + "\r\n";
  delivery.head += "Content-Type: " + answer.content_type + "\r\n";
  for (const auto& [name, value] : answer.headers) delivery.head.append(name).append(": ").append(value).append("\r\n");
  delivery.head += keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
  delivery.body = std::move(answer.body);
  frame(delivery, answer.packed, fault);
  return delivery;
}

Answer faulty_answer(const Fault& fault) {
  Answer answer = usual_answer(fault.status);
  if (fault.body == FaultBody::outcome) answer = outcome(fault.status, "", "exception", fault.text);
  if (fault.body == FaultBody::html) {
    answer.content_type = "text/html";
    answer.body = html;
  }
  if (fault.body == FaultBody::plain) {
    answer.content_type = "application/json; charset=utf-8";
    answer.body = R"({"msg":"Internal Server Error"})";
  }
  return answer;
}

}  // namespace sandbox
