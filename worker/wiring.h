#pragma once

#include <functional>
#include <string>

#include "config/settings.h"
#include "queue/redis_job_queue.h"
#include "worker/http/status_page/status_page.h"
#include "worker/job_runner.h"
#include "worker/server_health.h"

namespace worker {

/// What the daemon's parts are built with, made of the settings.

queue::RedisJobQueue::Options queue_options(const config::Settings& settings);
JobRunner::Options runner_options(const config::Settings& settings);
ServerHealth::Pauses probe_pauses(const config::Settings& settings);
http::StatusPage::Options page_options(const config::Settings& settings, const config::Redis& redis,
                                       const queue::RedisJobQueue& queue);

}  // namespace worker
