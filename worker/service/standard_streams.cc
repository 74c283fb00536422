#include "worker/service/standard_streams.h"

#include <fcntl.h>
#include <initializer_list>
#include <unistd.h>

namespace worker::service {

void open_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    // The lowest free number is this one: those below are open by now.
    if (::fcntl(stream, F_GETFD) < 0) ::open("/dev/null", O_RDWR);
}

}  // namespace worker::service
