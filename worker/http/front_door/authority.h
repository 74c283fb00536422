#pragma once

#include <optional>
#include <string>

#include "config/settings.h"
#include "fhir/client.h"
#include "fhir/passage.h"
#include "worker/http/caller_rate.h"
#include "worker/http/digest.h"
#include "worker/http/front_door/caller_tokens.h"
#include "worker/http/front_door/questions.h"
#include "worker/http/message.h"

namespace worker::http::front_door {

/// Somebody at the door.
struct Visitor {
  fhir::Credentials credentials;
  std::string base;  ///< by which they reached us
};

/// Who they are.
struct Caller {
  std::string name;          ///< their profile, e.g. Practitioner/123
  std::string on_behalf_of;  ///< in whose name they were let in; empty: their own
  bool admin = false;        ///< may write accounts
};

/// Decides who may do what: the FHIR server does, asked with the caller's own token; or, where a file of tokens is set,
/// that alone. Where neither can, nobody may do anything. Decisions are kept for a short time, by a digest of the
/// token.
class Authority {
 public:
  /// All references outlive it.
  Authority(fhir::Passage& passage, fhir::Client& client, const config::Http& settings);

  // All throw Refused with what to answer.

  Awaitable<Caller> recognise(Visitor visitor);
  /// Returns if the visitor may read the target, Type/id.
  Awaitable<void> check_reading(Visitor visitor, std::string target);
  /// Returns who it is if they may carry out $set-accounts on the target.
  Awaitable<Caller> admit(Visitor visitor, std::string target);

 private:
  Caller bearer_of_known_token(const Visitor& visitor);
  Awaitable<Said> ask_who(Visitor visitor, fhir::Credentials credentials);
  Awaitable<Said> who(fhir::Credentials credentials);
  Awaitable<Said> read(std::string target, fhir::Credentials credentials);
  Awaitable<Said> look_up(std::string target);
  bool may_ask(Said& said);
  void tell(const std::string& trouble);
  std::string key(const std::string& question, const fhir::Credentials& credentials) const;

  fhir::Passage& passage_;
  fhir::Client& client_;
  std::optional<CallerTokens> tokens_;
  KeyedDigest digest_;
  Questions questions_;
  CallerRate rate_{3000, 1};
  fhir::Stop never_;
  fhir::Clock::time_point silent_until_ = fhir::Clock::time_point::min();
};

}  // namespace worker::http::front_door
