#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "config/settings.h"
#include "fhir/awaitable.h"
#include "fhir/quota.h"
#include "fhir/stop.h"
#include "fhir/tally.h"

namespace fhir {

struct RetryPolicy;

/// The server answered, but not usefully, for as long as one request is retried: the attempt is over.
struct RequestFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The answer is larger than the body limit, and would be again.
struct AnswerTooLarge : RequestFailed {
  using RequestFailed::RequestFailed;
};

/// Nobody's fault and no job's: no token to be had, no right to write accounts, or no answer at all from the server.
/// The message is one sentence for an operator: what, why, what to do.
struct ServerUnavailable : std::runtime_error {
  explicit ServerUnavailable(const std::string& sentence, bool may_pass = false)
      : std::runtime_error(sentence), passing(may_pass) {}
  bool passing;  ///< seen once, of a kind that servers get over by themselves: a restart, say
};

enum class Method { get, patch };

struct Response {
  unsigned status = 0;
  std::string etag;  ///< the version id inside the ETag, without W/ and quotes; empty if none
  std::string body;
  std::optional<std::chrono::sys_seconds> date;  ///< of a GET: when it was made by the server's clock, if that says so
};

struct Request {
  Method method = Method::get;
  std::string path;         ///< below the FHIR base, without a leading slash, already encoded; may carry a query
  std::string body;         ///< a JSON Patch, for patch
  std::string if_match;     ///< a version id, for patch
  std::string traceparent;  ///< passed on; empty: none
  std::uint64_t share = 0;  ///< whose request this is: permits are shared fairly between shares
  /// Called on each 200: why its body cannot be used (it is then retried like a failed request), or nothing.
  std::function<std::optional<std::string>(Response&)> unusable;
  /// Called on an answer that would be retried: true if the caller knows that no retry mends it and wants it as it is.
  std::function<bool(const Response&)> final_answer;
};

/// Request → response, with token, one retry layer, quota, adaptive limit and fair permits applied. All requests carry
/// `X-Medplum: extended`.
///
/// Retried with full jitter for up to two minutes: 429, 408, 409 with 40001, 500, 502 to 504, resets, timeouts,
/// unusable bodies; all retries of the process share a budget. A 401 is tried once more, with a new token. Where that
/// is refused, too, or all is silence, or the server sends us elsewhere, /auth/me tells whether it is this request's
/// own trouble or everybody's: nobody's fault. Every other status is the caller's to judge and is returned.
class Client {
 public:
  /// Everything it refers to outlives it. Throws std::invalid_argument naming the setting that is wrong. While it keeps
  /// idle connections a timer is pending: io_context::run() does not run dry before the client is destroyed.
  Client(Executor executor, const config::Fhir& settings);
  Client(Executor executor, const config::Fhir& settings, const RetryPolicy& policy);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// Throws RequestFailed, ServerUnavailable, or Stopped when `stop` is requested before an answer could be had.
  /// A PATCH in flight is let end first; a GET in flight is given up. Before the first PATCH with each new token the
  /// right to write accounts is checked (GET /auth/me).
  /// Cancelling the coroutine aborts the request and closes its connection.
  Awaitable<Response> send(Request request, Stop& stop);

  /// One token, one look at the server and at our right to write accounts; throws ServerUnavailable with the sentence
  /// to say. Tries once, retries nothing.
  Awaitable<void> probe();

  /// From now on, in place of the settings' concurrency; where pressure had put the limit it begins anew.
  void set_concurrency(std::size_t concurrency);

  /// What `check` shows; filled by probe().
  struct Facts {
    std::string software;     ///< name and version of /metadata, e.g. "medplum 5.1.29-abc"; empty: not told
    std::string login;        ///< how we log in, e.g. "client credentials of 1b2c…", "token file", "no login"
    bool says_admin = false;  ///< /auth/me said so; false with `rights_unknown`: there is no /auth/me
    bool rights_unknown = false;
    std::string warning;  ///< e.g. an access policy may hide types; empty if none
  };
  const Facts& facts() const;

  /// For progress displays, benchmarks and metrics.
  struct Gauges {
    std::size_t in_flight = 0;  ///< PATCHes, and reads of single resources
    std::size_t limit = 0;      ///< what pressure allows of them now, at most the settings' concurrency
  };
  Gauges gauges() const;

  /// Whoever judges an answer and so knows more of it than the client adds that.
  Tally& tally();
  const Tally& tally() const;
  const Traffic& traffic() const;
  /// What is left of the server's limits, as far as it says.
  std::vector<Quota::Standing> quotas() const;
  /// How long the server, by a 429, lets nobody in.
  Clock::duration closed_for() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace fhir
