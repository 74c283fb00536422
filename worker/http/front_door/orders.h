#pragma once

#include <chrono>
#include <string>

#include "fhir/stop.h"
#include "queue/producer.h"
#include "queue/records.h"
#include "worker/http/front_door/authority.h"
#include "worker/http/message.h"

namespace worker::http::front_door {

/// Takes requests for $set-accounts and makes jobs of them.
class Orders {
 public:
  struct Options {
    std::chrono::milliseconds sync_timeout = std::chrono::seconds(25);
  };
  /// All references outlive it. From when `stop` is requested nobody is let wait for a job.
  Orders(queue::Producer& producer, queue::Records& records, Authority& authority, fhir::Stop& stop, Options options)
      : producer_(producer), records_(records), authority_(authority), stop_(stop), options_(options) {}

  /// For requests from now on.
  void change(Options options) { options_ = options; }

  /// Throws Refused, queue::QueueUnavailable and fhir::Stopped. The
  /// job goes on whatever becomes of the one who waits.
  Awaitable<Response> take(Request request, Visitor visitor, std::string target);

 private:
  Awaitable<Response> end_of(std::string job, std::string base, fhir::Clock::time_point until);
  Awaitable<Response> response_of(queue::Record record);

  queue::Producer& producer_;
  queue::Records& records_;
  Authority& authority_;
  fhir::Stop& stop_;
  Options options_;
};

}  // namespace worker::http::front_door
