#include "tests/worker/front_door/door.h"

#include <fstream>
#include <stdexcept>

namespace test {

using sandbox::Headers;
using sandbox::Person;
using sandbox::Reply;

sandbox::ServerOptions Door::guarded_server() {
  sandbox::ServerOptions options;
  options.auth = true;
  const std::string elsewhere = "7a1c5c3e-2f0e-4a6e-9d2c-6f6a3c1d0e09";
  options.tokens.others = {
      {.id = "admin", .secret = "admin", .profile = "ClientApplication/admin-app", .admin = true},
      {.id = "super", .secret = "super", .profile = "Practitioner/root", .super_admin = true},
      {.id = "nurse", .secret = "nurse", .profile = "Practitioner/nurse"},
      {.id = "stranger", .secret = "stranger", .profile = "Practitioner/else", .admin = true, .project = elsewhere},
      {.id = "barred", .secret = "barred", .profile = "Practitioner/barred", .admin = true, .forbidden = {"Patient"}},
      {.id = "brief", .secret = "brief", .admin = true, .lifetime = std::chrono::milliseconds(0)}};
  return options;
}

Door::Door(sandbox::ServerOptions options) : EndToEnd(std::move(options)) {}

void Door::open(Fields options) {
  options.insert(options.end(), {"--listen", "127.0.0.1:0", "--client-id", "client"});
  program = worker(std::move(options), {{"SET_ACCOUNTS_CLIENT_SECRET", "secret"}});
  const std::string before = "listening address=127.0.0.1:";
  if (!program->wait_for_output(before) || !program->wait_for_output(" tls="))
    throw std::runtime_error("the worker does not listen: " + program->err());
  port_ = static_cast<std::uint16_t>(std::stoi(program->err().substr(program->err().find(before) + before.size())));
}

std::string Door::token_of(const std::string& id) {
  std::string& token = tokens_[id];
  if (!token.empty()) return token;
  sandbox::HttpClient login(server.port());
  const Reply reply =
      login.post("/oauth2/token", "grant_type=client_credentials&client_id=" + id + "&client_secret=" + id,
                 {{"Content-Type", "application/x-www-form-urlencoded"}});
  return token = sandbox::text_member(reply.json(), "access_token");
}

Headers Door::as(const std::string& id, const Headers& more) {
  Headers headers = more;
  headers.emplace("Content-Type", "application/fhir+json");
  if (!id.empty()) headers.emplace("Authorization", "Bearer " + token_of(id));
  return headers;
}

Reply Door::set_accounts(const std::string& id, const sandbox::Request& request, const Headers& more) {
  note_asked(request);
  return send("POST", id, "/fhir/R4/" + request.target + "/$set-accounts", parameters(request), more);
}

Reply Door::get(const std::string& id, const std::string& path) {
  return send("GET", id, path);
}

Reply Door::send(const std::string& method, const std::string& id, const std::string& path, const std::string& body,
                 const Headers& more) {
  sandbox::HttpClient connection(port_);
  connection.set_limit(std::chrono::seconds(40));
  return connection.send(method, path, as(id, more), body);
}

Reply Door::end_of(const std::string& id, const std::string& job) {
  Reply reply;
  until([&] {
    reply = get(id, status_path(job));
    return reply.status != 202;
  });
  return reply;
}

std::string Door::parameters(const sandbox::Request& request) {
  std::string list;
  for (const std::string& account : request.accounts)
    list += R"({"name":"accounts","valueReference":{"reference":")" + account + "\"}},";
  if (request.propagate) list += R"({"name":"propagate","valueBoolean":true},)";
  if (!list.empty()) list = R"(,"parameter":[)" + list.substr(0, list.size() - 1) + "]";
  return R"({"resourceType":"Parameters")" + list + "}";
}

std::string Door::job_of(const Reply& accepted) {
  const std::string location = accepted.header("Content-Location");
  const std::string before = "/fhir/R4/job/", after = "/status";
  const auto begin = location.find(before);
  if (begin == std::string::npos || !location.ends_with(after))
    throw std::runtime_error("no job: " + std::to_string(accepted.status) + " " + accepted.body);
  return location.substr(begin + before.size(), location.size() - after.size() - begin - before.size());
}

std::string Door::said(const Reply& reply) {
  const auto outcome = sandbox::parse(reply.body);
  if (!outcome || !outcome->IsObject() || !outcome->HasMember("issue")) return std::to_string(reply.status);
  const std::string id(sandbox::text_member(*outcome, "id"));
  return std::to_string(reply.status) + " " + (id.empty() ? "-" : id) + " " +
         std::string(sandbox::text_member((*outcome)["issue"][0], "code"));
}

}  // namespace test
