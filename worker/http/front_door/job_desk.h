#pragma once

#include <string>

#include "queue/producer.h"
#include "queue/records.h"
#include "worker/http/front_door/authority.h"
#include "worker/http/message.h"

namespace worker::http::front_door {

/// Tells callers how their jobs stand, and cancels them. A job whose target a caller may not read is not there for
/// them: the FHIR server is asked in either case. Throws as Orders does.
class JobDesk {
 public:
  /// All references outlive it.
  JobDesk(queue::Producer& producer, queue::Records& records, Authority& authority)
      : producer_(producer), records_(records), authority_(authority) {}

  /// The AsyncJob: 202 until it is over.
  Awaitable<Response> status(std::string job, Visitor visitor);
  /// The same, always 200.
  Awaitable<Response> async_job(std::string job, Visitor visitor);
  /// Answers `done` if it is to be cancelled, or was.
  Awaitable<Response> cancel(std::string job, Visitor visitor, Response done);

 private:
  Awaitable<queue::Record> shown(std::string job, Visitor visitor);
  Awaitable<Response> described(queue::Record record, std::string base, unsigned status);

  queue::Producer& producer_;
  queue::Records& records_;
  Authority& authority_;
};

}  // namespace worker::http::front_door
