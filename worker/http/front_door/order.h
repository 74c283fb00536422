#pragma once

#include <string>

#include "fhir/parameters.h"
#include "queue/producer.h"

namespace worker::http::front_door {

/// A request for $set-accounts that was read and let in.
struct Order {
  std::string target;
  fhir::SetAccountsParameters wish;
  std::string requested_by;
  std::string on_behalf_of;
  std::string traceparent;  ///< empty: none
};

/// The job's entry for the inbox.
queue::InboxEntry entry_of(const Order& order);

/// Equal for orders of one caller that want the same of the same target, however they were written and traced.
std::string fingerprint_of(const Order& order);

}  // namespace worker::http::front_door
