#pragma once

#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "fhir/client.h"
#include "fhir/retry.h"
#include "medplum_script.h"
#include "scripted_server.h"
#include "tests/support/run.h"

namespace test {

/// A client with quick retries and a scripted server that it logs in to.
class ClientTest : public testing::Test {
 protected:
  ClientTest() {
    settings.url = server.url() + "/fhir/R4";
    settings.client_id = "our-client";
    settings.client_secret = "our secret";
    settings.request_timeout = std::chrono::seconds(5);
    policy.base = std::chrono::milliseconds(1);
    policy.cap = std::chrono::milliseconds(20);
    policy.patience = std::chrono::milliseconds(300);
    policy.outage = std::chrono::milliseconds(50);
    policy.shortest_reset = std::chrono::milliseconds(20);
    policy.unnamed_reset = std::chrono::milliseconds(40);
    policy.retry_every = std::chrono::milliseconds(1);
  }

  fhir::Client& client() {
    if (!client_) client_ = std::make_unique<fhir::Client>(io.get_executor(), settings, policy);
    return *client_;
  }

  fhir::Response send(fhir::Request request) { return run(io, client().send(std::move(request), stop)); }
  fhir::Response get(const std::string& path) { return send(get_of(path)); }
  fhir::Response patch(const std::string& path) { return send(patch_of(path)); }

  static fhir::Request get_of(const std::string& path) {
    fhir::Request request;
    request.path = path;
    return request;
  }
  static fhir::Request patch_of(const std::string& path, std::uint64_t share = 0) {
    fhir::Request request;
    request.method = fhir::Method::patch;
    request.path = path;
    request.body = "[]";
    request.if_match = "1";
    request.share = share;
    return request;
  }

  /// Those that are about FHIR itself, not the login.
  std::vector<Received> fhir_requests() const {
    std::vector<Received> found;
    for (const auto& request : server.received()) {
      if (request.target().starts_with("/fhir/R4")) found.push_back(request);
    }
    return found;
  }

  /// What an operation throws; empty if it does not.
  template <class Error>
  static std::string sentence(const std::function<void()>& operation) {
    try {
      operation();
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  boost::asio::io_context io{1};
  MedplumScript medplum;
  ScriptedServer server{io, [this](const Received& request) { return medplum(request); }};
  config::Fhir settings;
  fhir::RetryPolicy policy;
  fhir::Stop stop;

 private:
  std::unique_ptr<fhir::Client> client_;
};

}  // namespace test
