#pragma once

#include <string>

#include "config/settings.h"
#include "worker/http/message.h"

namespace worker::http::front_door {

/// By which URL clients reach us, as it stands in what we answer them.
class BaseAddress {
 public:
  explicit BaseAddress(const config::Http& settings);

  /// HOST:PORT, as it was really bound.
  void listens_at(std::string address) { address_ = std::move(address); }
  /// --public-url; else where we listen; else, where that is every address of the machine, what this client called us.
  /// Without a slash at its end.
  std::string seen_by(const Request& request) const;

 private:
  std::string public_url_;
  std::string scheme_;
  std::string address_;
};

}  // namespace worker::http::front_door
