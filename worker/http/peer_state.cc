#include "worker/http/peer_state.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace worker::http {

bool has_hung_up(fhir::Socket& socket) {
  tcp_info said{};
  socklen_t size = sizeof(said);
  if (::getsockopt(socket.native_handle(), IPPROTO_TCP, TCP_INFO, &said, &size) != 0) return true;
  return said.tcpi_state != TCP_ESTABLISHED;
}

}  // namespace worker::http
