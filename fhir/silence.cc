#include "fhir/silence.h"

#include <algorithm>

namespace fhir {

bool Silence::is_outage(const RetryPolicy& policy, bool last_try, Clock::time_point now) const {
  const bool long_enough = now - std::max(last_word_, since_) >= policy.outage;
  return long_enough && tries_ > 0 && (tries_ >= policy.outage_tries || last_try);
}

}  // namespace fhir
