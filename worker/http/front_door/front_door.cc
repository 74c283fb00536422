#include "worker/http/front_door/front_door.h"

#include <optional>

#include "worker/http/front_door/description.h"
#include "worker/http/front_door/outcome.h"

namespace worker::http::front_door {
namespace {

using namespace std::chrono_literals;

constexpr auto queue_may_be_back = 2s;

}  // namespace

FrontDoor::FrontDoor(fhir::Executor executor, queue::RedisClient& redis, fhir::Client& client, fhir::Stop& stop,
                     const config::Settings& settings)
    : address_(settings.http),
      producer_(redis, settings.redis.queue),
      records_(redis, settings.redis.queue),
      passage_(executor, settings.fhir),
      authority_(passage_, client, settings.http),
      orders_(producer_, records_, authority_, stop, {settings.http.sync_timeout}),
      jobs_(producer_, records_, authority_),
      through_(passage_) {}

Awaitable<Response> FrontDoor::answer(Request request) {
  Route route = route_of(request.path);
  if (route.operation == Operation::none) co_return not_found();
  if (!may_be_asked(route.operation, request.method)) co_return method_not_allowed(methods_of(route.operation));
  try {
    auto response = co_await carry_out(std::move(route), std::move(request));
    co_return response;
  } catch (const Refused& refused) {
    co_return refused.response;
  } catch (const queue::QueueUnavailable&) {
    co_return unavailable("The queue is out of reach; try again", queue_may_be_back);
  } catch (const fhir::Stopped&) {
    co_return unavailable("This worker is about to stop; the job goes on: try again", 1s);
  }
}

Awaitable<Response> FrontDoor::carry_out(Route route, Request request) {
  Visitor visitor{{request.field("Authorization"), request.field("X-Medplum-On-Behalf-Of")}, address_.seen_by(request)};
  switch (route.operation) {
    case Operation::set_accounts:
      return orders_.take(std::move(request), std::move(visitor), route.type + "/" + route.id);
    case Operation::job_status:
      if (request.method == "DELETE") return jobs_.cancel(std::move(route.id), std::move(visitor), accepted(""));
      return jobs_.status(std::move(route.id), std::move(visitor));
    case Operation::async_job:
      return jobs_.async_job(std::move(route.id), std::move(visitor));
    case Operation::cancel:
      return jobs_.cancel(std::move(route.id), std::move(visitor), all_ok());
    case Operation::metadata: {
      Response description = fhir_response(200, capability_statement(visitor.base));
      return describe(std::move(request), std::move(visitor), std::move(description));
    }
    case Operation::operation_definition: {
      Response description = fhir_response(200, operation_definition(visitor.base));
      return describe(std::move(request), std::move(visitor), std::move(description));
    }
    case Operation::token:
      return through_.token(std::move(request));
    case Operation::me:
      return through_.me(std::move(request), std::move(visitor.base));
    case Operation::none:
      break;
  }
  throw Refused(not_found());
}

/// To those on this machine; nothing is open beyond it.
Awaitable<Response> FrontDoor::describe(Request request, Visitor visitor, Response description) {
  if (!request.from_here) co_await authority_.recognise(std::move(visitor));
  co_return description;
}

}  // namespace worker::http::front_door
