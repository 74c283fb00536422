#include "worker/http/ends.h"

#include <algorithm>

#include <boost/asio/ip/address_v6.hpp>

#include "worker/http/same_name.h"

namespace worker::http {
namespace {

namespace ip = boost::asio::ip;

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

bool names_loopback(std::string_view host) {
  if (same_name(host, "localhost") || host == "[::1]") return true;
  boost::system::error_code no_address;
  const auto address = ip::make_address_v4(std::string(host), no_address);
  return !no_address && address.is_loopback();
}

bool says_forwarded(std::string_view name) {
  constexpr std::string_view family = "X-Forwarded-";
  return same_name(name, "Forwarded") || same_name(name, "Via") || same_name(name, "X-Real-IP") ||
         same_name(name.substr(0, family.size()), family);
}

}  // namespace

ip::address plain(const ip::address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

std::string peer_of(const ip::address& address) {
  const ip::address known = plain(address);
  if (known.is_v4()) return known.to_string();
  auto network = known.to_v6().to_bytes();
  std::fill(network.begin() + 8, network.end(), static_cast<unsigned char>(0));
  return ip::address_v6(network).to_string();
}

bool is_from_here(const Ends& ends, const Fields& fields) {
  if (!plain(ends.ours).is_loopback() || !plain(ends.theirs).is_loopback()) return false;
  const bool forwarded = std::ranges::any_of(fields, [](const auto& field) { return says_forwarded(field.first); });
  return !forwarded && names_loopback(without_port(joined(fields, "Host")));
}

}  // namespace worker::http
