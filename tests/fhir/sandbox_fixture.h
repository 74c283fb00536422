#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "fhir/client.h"
#include "fhir/retry.h"
#include "sandbox/seeding.h"
#include "sandbox/server.h"

namespace test {

/// A client and the sandbox server, over real connections.
class SandboxTest : public testing::Test {
 protected:
  explicit SandboxTest(sandbox::ServerOptions options = {}) : server(std::move(options)) {
    settings.url = server.fhir_url();
    settings.request_timeout = std::chrono::seconds(20);
    server.with_world([this](sandbox::World& world) { seeded = sandbox::seed_compartment(world, {.members = 200}); });
  }

  void TearDown() final {
    EXPECT_TRUE(
        sandbox::trespasses(server.committed_patches(), {{.target = seeded.target, .accounts = {}, .propagate = true}})
            .empty());
  }

  fhir::Client& client() {
    if (!client_) client_ = std::make_unique<fhir::Client>(io.get_executor(), settings, policy);
    return *client_;
  }

  /// So many PATCHes in line at all times, of four jobs, until `enough`; each makes a new version of a resource.
  void patch_until(const std::function<bool()>& enough, std::size_t lanes = 32) {
    enough_ = false;
    std::size_t over = 0;
    std::exception_ptr failure;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      boost::asio::co_spawn(io.get_executor(), patch_on(lane), [&](const std::exception_ptr& error) {
        ++over;
        if (error) failure = error;
      });
    }
    const auto end = fhir::Clock::now() + std::chrono::minutes(2);
    io.restart();
    while (over < lanes) {
      io.run_one();
      enough_ = enough_ || failure || enough() || fhir::Clock::now() >= end;
    }
    ASSERT_LT(fhir::Clock::now(), end) << "the state never came";
    if (failure) std::rethrow_exception(failure);
  }

  boost::asio::io_context io{1};
  sandbox::Server server;
  sandbox::Seeded seeded;
  config::Fhir settings;
  fhir::RetryPolicy policy;
  fhir::Stop stop;
  long patched = 0;
  std::function<void()> on_patched;

 private:
  fhir::Awaitable<void> patch_on(std::size_t lane) {
    while (!enough_) {
      fhir::Request request;
      request.method = fhir::Method::patch;
      request.path = seeded.members.at(lane);
      request.share = lane % 4;
      request.body = R"([{"op":"add","path":"/meta/accounts","value":[{"reference":"Organization/x","display":")" +
                     std::to_string(++sent_) + "\"}]}]";
      const auto response = co_await client().send(std::move(request), stop);
      EXPECT_EQ(response.status, 200U) << response.body;
      ++patched;
      if (on_patched) on_patched();
    }
  }

  std::unique_ptr<fhir::Client> client_;
  bool enough_ = false;
  long sent_ = 0;
};

}  // namespace test
