#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/exchange.h"
#include "sandbox/person.h"

namespace sandbox {

/// The client credentials grant, and which tokens are good.
class Tokens {
 public:
  using Clock = std::chrono::steady_clock;
  struct Options {
    std::string client_id = "client";
    std::string client_secret = "secret";
    std::chrono::milliseconds lifetime = std::chrono::hours(1);
    // NOLINTNEXTLINE(readability-redundant-member-init): designated initialisers may leave it out
    std::vector<Person> others = {};  ///< beside the client above
  };
  /// `profile`: of the first client; `project`: that all resources are in.
  Tokens(Options options, std::string profile, std::string project);

  /// POST /oauth2/token.
  Answer grant(const Asked& asked, Clock::time_point now);
  /// Whose an Authorization header is, if it is good: a token that lives, or a client's own Basic credentials. Null
  /// otherwise. Of the first client only the id is of meaning: what it may do is said elsewhere.
  const Person* bearer(std::string_view authorization, Clock::time_point now) const;
  /// By its membership or its profile.
  const Person* find(std::string_view reference) const;
  void revoke_all() { granted_to_.clear(); }

 private:
  struct Granted {
    const Person* to;
    Clock::time_point until;
  };

  const Person* with_basic(std::string_view authorization) const;

  std::string project_;
  std::vector<Person> clients_;  ///< the first is the one that the server's options speak of
  std::map<std::string, Granted, std::less<>> granted_to_;
  long granted_ = 0;
};

}  // namespace sandbox
