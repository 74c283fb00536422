#pragma once

#include <memory>
#include <string>

#include "sandbox/http_client.h"
#include "tests/worker/e2e/end_to_end.h"

namespace test {

/// The real program, its door open; the sandbox tells who may enter. Its clients, each with its id as secret:
/// `admin`, `super` (of a super admin's project), `nurse` (no admin), `stranger` (admin of another project), `barred`
/// (an admin whose policy hides Patients), `brief` (an admin whose tokens are never good).
class Door : public EndToEnd {
 protected:
  explicit Door(sandbox::ServerOptions options = guarded_server());
  static sandbox::ServerOptions guarded_server();

  /// Starts the worker; more options at will.
  void open(Fields options = {});
  sandbox::HttpClient client() const { return sandbox::HttpClient(port_); }
  std::string url(const std::string& path) const { return "http://127.0.0.1:" + std::to_string(port_) + path; }
  std::uint16_t port() const { return port_; }

  /// A token of the sandbox's.
  std::string token_of(const std::string& id);
  /// Header lines of that client, with FHIR's content type, and more at will.
  sandbox::Headers as(const std::string& id, const sandbox::Headers& more = {});
  /// $set-accounts by that client.
  sandbox::Reply set_accounts(const std::string& id, const sandbox::Request& request,
                              const sandbox::Headers& more = {});
  sandbox::Reply start(const std::string& id, const sandbox::Request& request) {
    return set_accounts(id, request, {{"Prefer", "respond-async"}});
  }
  sandbox::Reply get(const std::string& id, const std::string& path);
  sandbox::Reply send(const std::string& method, const std::string& id, const std::string& path,
                      const std::string& body = "", const sandbox::Headers& more = {});
  /// Asks for the job's status until it is over; what came then.
  sandbox::Reply end_of(const std::string& id, const std::string& job);

  static std::string parameters(const sandbox::Request& request);
  /// The job that a 202 names.
  static std::string job_of(const sandbox::Reply& accepted);
  static std::string status_path(const std::string& job) { return "/fhir/R4/job/" + job + "/status"; }
  /// `status id code` of an OperationOutcome.
  static std::string said(const sandbox::Reply& reply);

  std::unique_ptr<ChildProcess> program;

 private:
  std::uint16_t port_ = 0;
  std::map<std::string, std::string> tokens_;
};

}  // namespace test
