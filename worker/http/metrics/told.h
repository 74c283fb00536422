#pragma once

#include <optional>

#include "fhir/client.h"
#include "queue/overview.h"
#include "queue/tally.h"
#include "worker/http/counts.h"
#include "worker/http/metrics/families.h"
#include "worker/job_runner.h"
#include "worker/readiness.h"

namespace worker::http {

// What each part of the worker has to tell, as families of metrics. Names and labels stay as they are: dashboards and
// alerts are made of them. No label's value comes from a job.

/// The whole queue's; nothing of it while Redis does not answer, but that.
void tell_queue(Families& families, const std::optional<queue::Overview>& overview);
/// How this worker and Redis get on.
void tell_redis(Families& families, const queue::Tally& tally);
/// How it and the FHIR server get on.
void tell_fhir(Families& families, const fhir::Client& client);
void tell_worker(Families& families, const JobRunner& runner, const Readiness& readiness);
/// How this worker's own server and its clients get on.
void tell_http(Families& families, const ServerCounts& counts);
/// By the names that all programs use.
void tell_process(Families& families);

}  // namespace worker::http
