#pragma once

#include <string>

#include <boost/asio/ip/address.hpp>

#include "worker/http/message.h"

namespace worker::http {

/// The two ends of a connection.
struct Ends {
  boost::asio::ip::address ours;
  boost::asio::ip::address theirs;
};

/// An IPv4 address is one, however it came to us.
boost::asio::ip::address plain(const boost::asio::ip::address& address);

/// Whom a limit for one peer holds for: an IPv4 address, or the network of 64 bits that one IPv6 customer has.
std::string peer_of(const boost::asio::ip::address& address);

/// Whether somebody at this machine asks for this machine: both ends are loopback addresses, Host names one (so that no
/// web page reaches us under a name of its own), and no line says that a proxy passed it on.
bool is_from_here(const Ends& ends, const Fields& fields);

}  // namespace worker::http
