#pragma once

#include <deque>
#include <string>

#include "scripted_server.h"

namespace test {

/// A script that answers as a healthy Medplum server does, except where a reply was put in line.
class MedplumScript {
 public:
  std::deque<Reply> tokens;      ///< for POST /oauth2/token, before the usual token-1, token-2 …
  std::deque<Reply> me;          ///< for GET /auth/me, before the usual admin
  std::deque<Reply> fhir;        ///< for everything else, before `usual`
  std::string revoked = "none";  ///< this token gets a 401 for everything else
  Reply usual = reply(200, "{}", {{"ETag", "W/\"2\""}});

  Reply operator()(const Received& request) {
    if (request.target() == "/oauth2/token") {
      ++tokens_given;
      return next(tokens, reply(200, R"({"access_token":"token-)" + std::to_string(tokens_given) +
                                         R"(","token_type":"Bearer","expires_in":3600})"));
    }
    if (request.target() == "/auth/me") {
      ++looks_at_me;
      return next(me, reply(200, R"({"project":{"id":"p"},"membership":{"admin":true}})"));
    }
    if (request.header("Authorization") == "Bearer " + revoked) return reply(401);
    return next(fhir, usual);
  }

  int tokens_given = 0;
  int looks_at_me = 0;

 private:
  static Reply next(std::deque<Reply>& line, Reply otherwise) {
    if (line.empty()) return otherwise;
    Reply first = std::move(line.front());
    line.pop_front();
    return first;
  }
};

}  // namespace test
