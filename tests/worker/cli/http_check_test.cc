#include "worker/cli/http_check.h"

#include <gtest/gtest.h>

namespace worker::cli {
namespace {

std::string lines_of(const config::Http& settings, std::optional<bool> server_knows_rights = true) {
  std::string lines;
  for (const Finding& finding : judge(settings, server_knows_rights)) lines += text_of(finding) + "\n";
  return lines;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(HttpCheck, SaysThatNothingIsServed) {
  config::Http settings;
  settings.listen = "";
  EXPECT_EQ(lines_of(settings), "ok    no HTTP: --listen is empty\n");
}

TEST(HttpCheck, SaysWhereAndToWhom) {
  EXPECT_EQ(lines_of({}),
            "ok    HTTP at 127.0.0.1:8089: not encrypted, and on this machine\n"
            "ok    front door: the FHIR server decides by each caller's own token\n"
            "ok    status page: open at a loopback address only (--status-token-file opens it elsewhere)\n");
}

TEST(HttpCheck, WarnsOfTokensInTheClear) {
  for (const std::string listen : {"0.0.0.0:8089", "[::]:1", "10.0.0.1:80", "worker.example:80"}) {
    config::Http settings;
    settings.listen = listen;
    EXPECT_TRUE(
        has(lines_of(settings), "warn  HTTP at " + listen + ": callers' tokens go over the network in the clear"));
  }
  for (const std::string listen : {"localhost:1", "[::1]:1", "127.8.0.1:1"}) {
    config::Http settings;
    settings.listen = listen;
    EXPECT_TRUE(has(lines_of(settings), "ok    HTTP at " + listen)) << listen;
  }
}

TEST(HttpCheck, SaysThatTheDoorIsShutAndWhatOpensIt) {
  EXPECT_TRUE(has(lines_of({}, false), "warn  front door: shut, the server has no /auth/me"));
  EXPECT_TRUE(has(lines_of({}, std::nullopt), "warn  front door: shut until the FHIR server answers"));
  config::Http settings;
  settings.caller_token_file = "/etc/callers";
  EXPECT_TRUE(has(lines_of(settings, false), "ok    front door: open to the tokens of /etc/callers\n"));
}

TEST(HttpCheck, FailsForACertificateThatCannotBeUsed) {
  config::Http settings;
  settings.tls_cert_file = "/no/such/file";
  settings.tls_key_file = "/no/such/key";
  EXPECT_TRUE(has(lines_of(settings), "FAIL  --tls-cert-file /no/such/file: "));
}

}  // namespace
}  // namespace worker::cli
