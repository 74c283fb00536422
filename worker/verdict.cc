#include "worker/verdict.h"

#include <algorithm>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include "fhir/client.h"
#include "fhir/refused.h"
#include "fhir/stop.h"
#include "queue/job_queue.h"
#include "worker/propagation.h"

namespace worker {
namespace {

using queue::Verdict;

Verdict verdict(Verdict::Kind kind, std::string error) {
  Verdict verdict;
  verdict.kind = kind;
  verdict.error = std::move(error);
  return verdict;
}

Verdict stopped(StopReason reason) {
  if (reason == StopReason::cancelled) return verdict(Verdict::Kind::cancelled, "");
  return verdict(Verdict::Kind::handed_back,
                 reason == StopReason::outage ? "the FHIR server is out of reach" : "the worker is shutting down");
}

}  // namespace

std::optional<Verdict> verdict_on(std::exception_ptr failure, StopReason reason, int attempt, std::mt19937_64& random,
                                  const AttemptBackoff& backoff) {
  const auto again = [&](std::string error) {
    if (reason == StopReason::cancelled) return stopped(reason);
    Verdict verdict_again = verdict(Verdict::Kind::again, std::move(error));
    verdict_again.delay_ms = backoff_ms(attempt, random, backoff);
    return verdict_again;
  };
  try {
    std::rethrow_exception(failure);
  } catch (const queue::LeaseLost&) {
    return std::nullopt;
  } catch (const fhir::Stopped&) {
    if (reason == StopReason::none) return std::nullopt;  // nobody asked: the lease ran out
    return stopped(reason);
  } catch (const JobImpossible& impossible) {
    return verdict(Verdict::Kind::failed, impossible.what());
  } catch (const fhir::Refused& refused) {
    return verdict(Verdict::Kind::failed, refused.what());
  } catch (const fhir::ServerUnavailable& unavailable) {
    if (reason == StopReason::cancelled) return stopped(reason);
    return verdict(Verdict::Kind::handed_back, unavailable.what());
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted && reason != StopReason::none) return stopped(reason);
    return again(error.code().message());
  } catch (const std::exception& error) {
    return again(error.what());
  }
}

std::optional<std::string> outage_in(std::exception_ptr failure) {
  if (!failure) return std::nullopt;
  try {
    std::rethrow_exception(failure);
  } catch (const fhir::ServerUnavailable& unavailable) {
    return unavailable.what();
  } catch (...) {
    return std::nullopt;
  }
}

std::string reason_for_log(std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const JobImpossible& impossible) {
    return impossible.in_short;
  } catch (const fhir::Refused& refused) {
    return refused.in_short;
  } catch (const boost::system::system_error& error) {
    return error.code().message();
  } catch (const std::exception& error) {
    return error.what();
  }
}

std::int64_t backoff_ms(int attempt, std::mt19937_64& random, const AttemptBackoff& backoff) {
  const int doublings = std::clamp(attempt - 1, 0, 20);
  const auto ceiling = std::min(backoff.first * (std::int64_t{1} << doublings), backoff.longest);
  return std::uniform_int_distribution<std::int64_t>(0, ceiling.count())(random);
}

}  // namespace worker
