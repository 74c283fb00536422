#pragma once

#include <string>
#include <vector>

#include <boost/asio/ip/tcp.hpp>

#include "fhir/awaitable.h"
#include "fhir/stop.h"

namespace fhir {

/// The addresses of a host, at least one; an address literal is its own. The system's resolver cannot be interrupted,
/// but this gives up on it at `deadline` or when cancelled. Throws TransportError.
Awaitable<std::vector<boost::asio::ip::tcp::endpoint>> look_up(std::string host, std::string port,
                                                               Clock::time_point deadline);

}  // namespace fhir
