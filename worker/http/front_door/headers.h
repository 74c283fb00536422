#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace worker::http::front_door {

/// Whether `Prefer` (RFC 7240; all its lines) holds respond-async.
bool prefers_async(std::string_view prefer);

/// Whether a `Content-Type` is FHIR's JSON or plain JSON, in UTF-8.
bool is_json(std::string_view content_type);
/// application/x-www-form-urlencoded
bool is_form(std::string_view content_type);

/// Whether an `Authorization` can be one: Bearer or Basic, and one clean token of a length that is a token's.
bool is_authorization(std::string_view authorization);
/// What follows `Bearer `; empty for another scheme.
std::string_view bearer_token(std::string_view authorization);

}  // namespace worker::http::front_door
