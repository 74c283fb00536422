#pragma once

#include <string>
#include <string_view>

namespace worker {

/// The header value to send for one that was received (W3C Trace Context, section 3.2): the same if it is of version
/// 00; of a later version what 00 knows of it; empty if it is malformed, names no trace or comes from nobody. We begin
/// no spans of our own, so the parent stays who it was.
std::string valid_traceparent(std::string_view text);

}  // namespace worker
