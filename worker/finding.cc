#include "worker/finding.h"

namespace worker {

std::string text_of(const Finding& finding) {
  switch (finding.kind) {
    case Finding::Kind::ok:
      return "ok    " + finding.text;
    case Finding::Kind::warning:
      return "warn  " + finding.text;
    case Finding::Kind::failure:
      return "FAIL  " + finding.text;
  }
  return finding.text;
}

}  // namespace worker
