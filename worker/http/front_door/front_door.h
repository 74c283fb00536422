#pragma once

#include <string>

#include "config/settings.h"
#include "fhir/client.h"
#include "fhir/passage.h"
#include "fhir/stop.h"
#include "queue/producer.h"
#include "queue/records.h"
#include "worker/http/front_door/authority.h"
#include "worker/http/front_door/base_address.h"
#include "worker/http/front_door/job_desk.h"
#include "worker/http/front_door/orders.h"
#include "worker/http/front_door/pass_through.h"
#include "worker/http/front_door/route.h"
#include "worker/http/message.h"

namespace worker::http::front_door {

/// Medplum's `$set-accounts` over HTTP, for clients that know nothing of the queue: what is under /fhir/R4, and
/// /oauth2/token and /auth/me.
class FrontDoor {
 public:
  /// All references outlive it. `client` is the worker's own; `stop`: the worker is about to end. Throws
  /// std::invalid_argument naming the setting that is wrong.
  FrontDoor(fhir::Executor executor, queue::RedisClient& redis, fhir::Client& client, fhir::Stop& stop,
            const config::Settings& settings);

  /// HOST:PORT, as it was really bound.
  void listens_at(std::string address) { address_.listens_at(std::move(address)); }

  /// For requests from now on.
  void set_sync_timeout(std::chrono::milliseconds timeout) { orders_.change({timeout}); }

  Awaitable<Response> answer(Request request);

 private:
  Awaitable<Response> carry_out(Route route, Request request);
  Awaitable<Response> describe(Request request, Visitor visitor, Response description);

  BaseAddress address_;
  queue::Producer producer_;
  queue::Records records_;
  fhir::Passage passage_;
  Authority authority_;
  Orders orders_;
  JobDesk jobs_;
  PassThrough through_;
};

}  // namespace worker::http::front_door
