#include "tests/soak/caller.h"

#include <exception>
#include <thread>

#include "sandbox/http_client.h"

namespace soak {
namespace {

using namespace std::chrono_literals;

constexpr int most_tries = 20;

std::string parameters(const sandbox::Request& request) {
  std::string list;
  for (const std::string& account : request.accounts)
    list += R"({"name":"accounts","valueReference":{"reference":")" + account + "\"}},";
  return R"({"resourceType":"Parameters","parameter":[)" + list + R"({"name":"propagate","valueBoolean":true}]})";
}

std::string job_in(const std::string& location) {
  const std::string before = "/fhir/R4/job/", after = "/status";
  const auto begin = location.find(before) + before.size();
  return location.substr(begin, location.find(after, begin) - begin);
}

}  // namespace

std::optional<std::string> Caller::ask(const sandbox::Request& request) {
  for (int tries = 0; tries < most_tries; ++tries) {
    if (tries > 0) std::this_thread::sleep_for(50ms);
    try {
      sandbox::HttpClient client(port_);
      const sandbox::Reply reply = client.send("POST", "/fhir/R4/" + request.target + "/$set-accounts",
                                               {{"Authorization", "Bearer " + token()},
                                                {"Content-Type", "application/fhir+json"},
                                                {"Prefer", "respond-async"}},
                                               parameters(request));
      if (reply.status == 202) return job_in(reply.header("Content-Location"));
      token_.clear();
    } catch (const std::exception&) {
      token_.clear();  // the sandbox's troubles meet the worker's questions about us, too
    }
  }
  return std::nullopt;
}

unsigned Caller::look() const {
  sandbox::HttpClient client(port_);
  for (const char* path : {"/metrics", "/status/overview", "/"})
    if (const sandbox::Reply reply = client.get(path, {}); reply.status != 200) return reply.status;
  return 200;
}

std::string Caller::token() {
  if (!token_.empty()) return token_;
  sandbox::HttpClient client(port_);
  const sandbox::Reply reply =
      client.post("/oauth2/token", "grant_type=client_credentials&client_id=caller&client_secret=caller",
                  {{"Content-Type", "application/x-www-form-urlencoded"}});
  return token_ = sandbox::text_member(reply.json(), "access_token");
}

}  // namespace soak
