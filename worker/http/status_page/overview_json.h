#pragma once

#include <string>

#include "queue/overview.h"
#include "worker/http/status_page/pulse.h"

namespace worker {
class Readiness;
}

namespace worker::http {

/// `{"counts":{…},"inInbox":0,"paused":false,"workers":1,"longestWait":…,"now":…}`, times in ms
std::string json_of(const queue::Overview& overview);
/// `{"redis":"…"}`: why there is none.
std::string json_of_no_overview(const std::string& why);

/// `why_deaf`: why no events of jobs come; empty if they do.
std::string json_of(const Pulse& pulse, const Readiness& readiness, const std::string& why_deaf);

}  // namespace worker::http
