#include "tests/faults/trouble.h"

namespace faults {
namespace {

using enum sandbox::FaultKind;
using sandbox::Fault;
using sandbox::FaultBody;
using sandbox::RequestKind;
using namespace std::chrono_literals;

constexpr auto on_patch = RequestKind::patch;
constexpr auto on_page = RequestKind::page;
constexpr auto on_read = RequestKind::read;

std::vector<Trouble> statuses() {
  return {
      {"InternalError", {.on = on_patch, .status = 500}},
      {"InternalErrorAfterTheCommit", {.on = on_patch, .status = 500, .after_commit = true}},
      {"InternalErrorInPlainJson", {.on = on_page, .status = 500, .body = FaultBody::plain}},
      {"BadGateway", {.on = on_page, .status = 502, .body = FaultBody::html}},
      {"Unavailable", {.on = on_patch, .status = 503}},
      {"UnavailableAtAll", {.on = RequestKind::any, .status = 503}},
      {"GatewayTimeoutAfterTheCommit", {.on = on_patch, .status = 504, .after_commit = true}},
      {"GatewayTimeout", {.on = on_read, .status = 504}},
      {"TooManyRequests", {.on = on_patch, .status = 429}},
      {"TooManyRequestsWithoutAHint", {.on = on_page, .status = 429, .body = FaultBody::html}},
      {"LostTransactionRace", {.on = on_patch, .status = 409}},
      {"PreconditionFailed", {.on = on_patch, .status = 412}},
      {"Forbidden", {.on = on_patch, .status = 403}},
      {"Unprocessable", {.on = on_patch, .status = 422}},
      {"ForbiddenPage", {.on = on_page, .status = 403}},
      {"OneMemberRefused", {.on = on_patch, .status = 422}, Doing::none, Aim::one_member},
      {"OneMemberIgnored", {.kind = ignore_write, .on = on_patch}, Doing::none, Aim::one_member},
      {"OneMemberNotToBeReadAgain", {.on = on_read, .status = 403}, Doing::none, Aim::one_member},
      {"OtherPatientNotToBeRead", {.on = on_read, .status = 403}, Doing::none, Aim::other_patient},
      {"Unauthorized", {.on = on_patch, .status = 401}},
      {"NotFoundByAProxy", {.on = on_patch, .status = 404, .body = FaultBody::html}},
      {"ReadNotFoundByAProxy", {.on = on_read, .status = 404, .body = FaultBody::html}},
      {"PageNotFoundByAProxy", {.on = on_page, .status = 404, .body = FaultBody::html}},
  };
}

std::vector<Trouble> broken_connections() {
  return {
      {"Reset", {.kind = reset, .on = on_patch}},
      {"ResetAfterTheCommit", {.kind = reset, .on = on_patch, .after_commit = true}},
      {"ResetOfAPage", {.kind = reset, .on = on_page}},
      {"ResetOfAnything", {.kind = reset, .on = RequestKind::any}},
      {"Stall", {.kind = stall, .on = on_patch}},
      {"StallAfterTheCommit", {.kind = stall, .on = on_patch, .after_commit = true}},
      {"StallOfAPage", {.kind = stall, .on = on_page}},
      {"StallForAWhile", {.kind = stall, .on = on_patch, .wait = 60ms}},
      {"SlowDrip", {.kind = drip, .on = on_page, .wait = 1ms, .size = 4000}},
      {"TooSlowDrip", {.kind = drip, .on = on_page, .wait = 50ms, .size = 1000}},
      {"TruncatedPage", {.kind = truncate, .on = on_page}},
      {"TruncatedAnswerToAPatch", {.kind = truncate, .on = on_patch}},
      {"WrongContentLength", {.kind = wrong_length, .on = on_page}},
      {"WrongContentLengthOfAPatch", {.kind = wrong_length, .on = on_patch}},
      {"ShortContentLength", {.kind = short_length, .on = on_page}},
      {"ShortContentLengthOfAPatch", {.kind = short_length, .on = on_patch}},
  };
}

std::vector<Trouble> odd_answers() {
  return {
      {"HalfAPage", {.kind = half_json, .on = on_page}},
      {"HalfAResource", {.kind = half_json, .on = on_read}},
      {"InvalidUtf8", {.kind = invalid_utf8, .on = on_page}},
      {"InvalidUtf8OfAResource", {.kind = invalid_utf8, .on = on_read}},
      {"HtmlForAPage", {.kind = html, .on = on_page}},
      {"HtmlForAResource", {.kind = html, .on = on_read}},
      {"HtmlForAPatch", {.kind = html, .on = on_patch}},
      {"Chunked", {.kind = chunked, .on = RequestKind::any, .size = 700}},
      {"LongHeader", {.kind = huge_header, .on = RequestKind::any, .size = 4000}},
      {"HugeHeader", {.kind = huge_header, .on = on_patch, .size = 200'000}},
      {"DeepNesting", {.kind = deep_json, .on = on_page, .size = 100'000}},
      {"DeepNestingOfAResource", {.kind = deep_json, .on = on_read, .size = 100'000}},
      {"EmptyPage", {.kind = empty_body, .on = on_page}},
      {"EmptyAnswerToAPatch", {.kind = empty_body, .on = on_patch}},
      {"NextLinkToAnotherOrigin", {.kind = next_origin, .on = on_page, .url = "http://127.0.0.1:9"}},
      {"NextLinkToAnotherPath", {.kind = next_path, .on = on_page, .url = "/fhir/R4/Patient/other/$everything"}},
      {"NextLinkInALoop", {.kind = next_loop, .on = on_page}},
      {"IgnoredWrite", {.kind = ignore_write, .on = on_patch}},
  };
}

std::vector<Trouble> logins() {
  return {
      {"TokensRevoked", {.kind = revoke_tokens, .on = on_patch}},
      {"TokensRevokedBeforeAPage", {.kind = revoke_tokens, .on = on_page}},
      {"TokenEndpointUnavailable", {.on = RequestKind::token, .status = 503}},
      {"TokenEndpointBroken", {.on = RequestKind::token, .status = 500, .body = FaultBody::plain}},
      {"TokenEndpointResets", {.kind = reset, .on = RequestKind::token}},
      {"TokenEndpointStalls", {.kind = stall, .on = RequestKind::token}},
      {"TokenEndpointTalksHtml", {.kind = html, .on = RequestKind::token}},
      {"TokenEndpointSaysHalf", {.kind = half_json, .on = RequestKind::token}},
      {"TokenEndpointRefuses", {.on = RequestKind::token, .status = 400}},
      {"MeForbidden", {.on = RequestKind::me, .status = 403}},
      {"MeBroken", {.on = RequestKind::me, .status = 500}},
      {"MeTalksHtml", {.kind = html, .on = RequestKind::me}},
      {"MeStalls", {.kind = stall, .on = RequestKind::me}},
      {"MetadataBroken", {.on = RequestKind::metadata, .status = 502}},
  };
}

std::vector<Trouble> doings() {
  return {
      {"ServerHangsUp", {}, Doing::hang_up},
      {"ServerFallsSilent", {}, Doing::fall_silent},
      {"SomebodyCreates", {}, Doing::create},
      {"SomebodyErases", {}, Doing::erase},
      {"SomebodyTouches", {}, Doing::touch},
      {"SomebodyGivesAnAccount", {}, Doing::give},
      {"SomebodySpoils", {}, Doing::spoil},
      {"SomebodyMovesAway", {}, Doing::move_away},
      {"SomebodyMovesIn", {}, Doing::move_in},
      {"SomebodyChangesTheOtherPatient", {}, Doing::change_other_patient},
      {"SomebodyChangesTheTarget", {}, Doing::change_target},
  };
}

}  // namespace

bool Trouble::refuses() const {
  if (doing != Doing::none) return false;
  const bool status_for_good = fault.kind == status && (fault.status == 400 || fault.status == 403 ||
                                                        fault.status == 412 || fault.status == 422);
  return status_for_good || fault.kind == ignore_write;
}

const std::vector<Trouble>& all_troubles() {
  static const std::vector<Trouble> all = [] {
    std::vector<Trouble> together;
    for (const auto& some : {statuses(), broken_connections(), odd_answers(), logins(), doings()})
      together.insert(together.end(), some.begin(), some.end());
    return together;
  }();
  return all;
}

}  // namespace faults
