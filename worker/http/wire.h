#pragma once

#include <string>
#include <string_view>

#include "worker/http/message.h"

namespace worker::http {

/// How a response is sent, which is for the request and the connection to say.
struct Manner {
  bool http_1_0 = false;
  bool keep_alive = true;
};

/// The head of a response, its empty line included. Throws std::invalid_argument for a field that would be two.
std::string head_of(const Response& response, Manner manner, const std::string& date);

/// One piece of a body without an end of its own, as it is sent to a client of that version; not empty.
std::string piece_of(std::string_view text, Manner manner);
/// What says that there was all of it.
std::string end_of_pieces(Manner manner);

}  // namespace worker::http
