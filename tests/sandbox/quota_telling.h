#pragma once

#include <string>
#include <vector>

#include "sandbox/exchange.h"
#include "sandbox/quota.h"
#include "sandbox/server_options.h"

namespace sandbox {

struct NamedQuota {
  std::string name;
  const Quota& quota;
};

/// Tells on an answer what is left, and on a 429 when to come again, in the words that the options ask for.
void tell_quotas(Answer& answer, const ServerOptions& options, const std::vector<NamedQuota>& quotas);

}  // namespace sandbox
