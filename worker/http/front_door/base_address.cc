#include "worker/http/front_door/base_address.h"

namespace worker::http::front_door {
namespace {

bool is_any(const std::string& address) {
  return address.starts_with("0.0.0.0:") || address.starts_with("[::]:");
}

}  // namespace

BaseAddress::BaseAddress(const config::Http& settings)
    : public_url_(settings.public_url),
      scheme_(settings.tls_cert_file.empty() ? "http://" : "https://"),
      address_(settings.listen) {
  while (public_url_.ends_with('/')) public_url_.pop_back();
}

std::string BaseAddress::seen_by(const Request& request) const {
  if (!public_url_.empty()) return public_url_;
  const std::string called = request.field("Host");
  return scheme_ + (is_any(address_) && !called.empty() ? called : address_);
}

}  // namespace worker::http::front_door
