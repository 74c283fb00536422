#include "worker/service/orphans.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace worker::service {

bool adopts_orphans() {
  int subreaper = 0;
  return ::getpid() == 1 || (::prctl(PR_GET_CHILD_SUBREAPER, &subreaper) == 0 && subreaper != 0);
}

int reap_children() {
  int reaped = 0;
  while (::waitpid(-1, nullptr, WNOHANG) > 0) ++reaped;
  return reaped;
}

}  // namespace worker::service
