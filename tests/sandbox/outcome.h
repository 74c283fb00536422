#pragma once

#include <string>
#include <string_view>

#include "sandbox/exchange.h"

namespace sandbox {

/// An OperationOutcome as the server answers it: `id`, issue[0].code and details.text.
Answer outcome(unsigned status, std::string_view id, std::string_view code, std::string_view text);

// The server's usual ones.
Answer bad_request(std::string_view text);
Answer not_found();
Answer gone();
Answer precondition_failed();
Answer unauthorized(std::string_view base);
Answer forbidden();
/// 409 with code 40001: the transaction lost a race, may be tried again.
Answer serialization_conflict();
Answer too_many_requests(long consumed, long limit, long ms_before_next);
Answer server_error(std::string_view text);
Answer server_timeout();
/// What this status usually looks like; 502 and 503 come from a proxy, as HTML.
Answer usual_answer(unsigned status);

}  // namespace sandbox
