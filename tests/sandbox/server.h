#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sandbox/counters.h"
#include "sandbox/endpoints.h"
#include "sandbox/fault.h"
#include "sandbox/server_options.h"
#include "sandbox/trespass.h"
#include "sandbox/world.h"

namespace sandbox {

/// A FHIR server that listens from its construction to its destruction, in a thread of its own. Every call may come
/// from any thread, also from within a moment (on the server's thread).
class Server {
 public:
  /// Throws boost::system::system_error when it cannot listen.
  explicit Server(ServerOptions options = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string base_url() const;  ///< http://127.0.0.1:PORT
  std::string fhir_url() const;  ///< …/fhir/R4
  std::uint16_t port() const;

  /// Runs `use` on the server's thread and waits for it; throws what it throws.
  void with_world(const std::function<void(World&)>& use);
  Counters counters();
  /// Every PATCH that made a new version, since the beginning.
  std::vector<CommittedPatch> committed_patches();
  void reset_counters();

  void add_fault(Fault fault);
  void clear_faults();
  void revoke_tokens();
  /// Changes an option that is looked up for every request: latency, if_match, admin, auth, search_mode, paging, quota,
  /// …
  void change_options(const std::function<void(ServerOptions&)>& change);

  /// Calls `moment` before the nth PATCH, page or read is carried out (n from 1), or after a PATCH was.
  void before_patch(Moment moment);
  void after_patch(Moment moment);
  void before_page(Moment moment);
  void before_read(Moment moment);

  /// Accepts and reads, and never answers. Requests met by silence stay unanswered when it ends.
  void set_silent(bool silent);
  /// Cuts every connection and stops listening; reopen() listens at the same port again.
  void close();
  void reopen();
  void drop_connections();

  /// Answers requests under /sandbox/; called on the server's thread.
  void set_control(std::function<Answer(const Asked&)> control);

 private:
  struct Running;
  void on_thread(const std::function<void()>& work);
  std::unique_ptr<Running> running_;
};

}  // namespace sandbox
