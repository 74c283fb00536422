#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "sandbox/host.h"

namespace sandbox {

/// Serves one connection until it ends; throws boost::system::system_error when it breaks.
boost::asio::awaitable<void> serve(Host& host, boost::asio::ip::tcp::socket socket);
boost::asio::awaitable<void> serve_tls(Host& host, boost::asio::ip::tcp::socket socket,
                                       boost::asio::ssl::context& context);

}  // namespace sandbox
