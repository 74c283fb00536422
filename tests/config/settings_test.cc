#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>

#include "config/options.h"
#include "config/url.h"
#include "tests/config/parsed.h"

namespace config {
namespace {

using test::parsed;
using test::refusal_of;
using test::TemporaryFile;
using test::Variables;

const std::string fhir = "--fhir-url=https://h/fhir/R4";

std::string source_of(const Invocation& invocation, const std::string& name) {
  for (const SettingInForce& setting : invocation.in_force)
    if (setting.name == name) return setting.source;
  return "not looked at";
}

/// A folder as systemd makes one for a unit's credentials.
class Credentials {
 public:
  explicit Credentials(const std::map<std::string, std::string>& files) {
    std::filesystem::create_directory(path_);
    for (const auto& [name, content] : files) std::ofstream(path_ / name) << content;
  }
  ~Credentials() { std::filesystem::remove_all(path_); }
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;

  Variables variables() const { return {{"CREDENTIALS_DIRECTORY", path_.string()}}; }
  std::filesystem::path file(const std::string& name) const { return path_ / name; }

 private:
  const test::TemporaryFile unique_{""};
  std::filesystem::path path_ = unique_.path() + ".d";
};

TEST(Settings, ACredentialStandsForItsFile) {
  const Credentials credentials({{"client-secret", "secret"}, {"client-id", "not a file's name"}});

  const Invocation read = parsed({"worker", fhir, "--client-id=id"}, credentials.variables());

  EXPECT_EQ(read.settings.fhir.client_secret_file, credentials.file("client-secret"));
  EXPECT_EQ(source_of(read, "client-secret-file"), "credential");
  EXPECT_EQ(source_of(read, "token-file"), "default");
}

TEST(Settings, ABlankCredentialIsAsGoodAsNone) {
  const Credentials credentials({{"token", "\n"}, {"redis-password", " \t\n"}, {"tls-key", ""}});

  const Invocation read = parsed({"worker", fhir}, credentials.variables());

  for (const char* name : {"token-file", "redis-password-file", "tls-key-file"})
    EXPECT_EQ(source_of(read, name), "default") << name;
}

TEST(Settings, EveryOtherSourceWinsOverACredential) {
  const Credentials credentials({{"token", "one"}});
  const TemporaryFile token("two");
  const TemporaryFile file("token-file = \"" + token.path() + "\"\n");

  const Invocation read = parsed({"worker", fhir, "--config", file.path()}, credentials.variables());

  EXPECT_EQ(read.settings.fhir.token_file, token.path());
}

TEST(Settings, FlagsWinOverTheEnvironmentAndTheEnvironmentOverTheFile) {
  const TemporaryFile file("jobs = 2\npage-size = 200\nconcurrency = 20\n");
  const Variables variables = {{"SET_ACCOUNTS_JOBS", "3"}, {"SET_ACCOUNTS_PAGE_SIZE", "300"}};

  const Invocation read = parsed({"worker", fhir, "--config", file.path(), "--jobs", "4"}, variables);

  EXPECT_EQ(read.settings.worker.jobs, 4U);
  EXPECT_EQ(source_of(read, "jobs"), "flag");
  EXPECT_EQ(read.settings.worker.page_size, 300U);
  EXPECT_EQ(source_of(read, "page-size"), "SET_ACCOUNTS_PAGE_SIZE");
  EXPECT_EQ(read.settings.fhir.concurrency, 20U);
  EXPECT_EQ(source_of(read, "concurrency"), "file " + file.path());
  EXPECT_EQ(read.settings.worker.max_attempts, 10);
  EXPECT_EQ(source_of(read, "max-attempts"), "default");
}

TEST(Settings, FileMayBeNamedByTheEnvironment) {
  const TemporaryFile file("queue = 'blue'");
  EXPECT_EQ(parsed({"jobs"}, {{"SET_ACCOUNTS_CONFIG", file.path()}}).settings.redis.queue, "blue");
}

TEST(Settings, DefaultsAreThoseOfTheStruct) {
  const Settings read = parsed({"worker", fhir}).settings;
  EXPECT_EQ(read.redis.url, "embedded:");
  EXPECT_EQ(read.worker.keep_finished, std::chrono::hours(7 * 24));
  EXPECT_EQ(read.fhir.request_timeout, std::chrono::seconds(30));
  EXPECT_EQ(read.fhir.body_limit, 64'000'000U);
  EXPECT_FALSE(read.worker.drain);
}

TEST(Settings, EveryOneCanBeSetByFlagEnvironmentAndFile) {
  const TemporaryFile secret("x");
  for (const Option& option : options()) {
    // The default is a good value for all that have one; files and URLs have none.
    std::string value = option.kind.show(Settings());
    if (option.value_name == "FILE") value = secret.path();
    if (option.value_name == "URL") value = option.group == "Redis" ? "redis://h" : "https://h";
    if (option.value_name == "ID") value = "x";
    if (option.only_from_environment) continue;
    const std::string name(option.name);
    const TemporaryFile file(name + " = " + (option.value_name.empty() ? "true" : "'" + value + "'"));
    const std::string flag = option.value_name.empty() ? "--" + name : "--" + name + "=" + value;
    const Variables base = {{"SET_ACCOUNTS_FHIR_URL", "https://h"}};
    Variables by_variable = base;
    by_variable[variable_of(name)] = option.value_name.empty() ? "true" : value;

    // Refusals here can only be of pairs that need each other: then the value itself was taken.
    const auto taken = [](const std::string& refusal) {
      return refusal == "accepted" || refusal.find("secret") != refusal.npos ||
             refusal.find("together") != refusal.npos;
    };
    EXPECT_TRUE(taken(refusal_of({"worker", flag}, base))) << flag << ": " << refusal_of({"worker", flag}, base);
    EXPECT_TRUE(taken(refusal_of({"worker"}, by_variable))) << name << ": " << refusal_of({"worker"}, by_variable);
    EXPECT_TRUE(taken(refusal_of({"worker", "--config", file.path()}, base))) << name;
  }
}

TEST(Settings, BadOnesAreRefusedInOneSentenceWithWhatIsAllowed) {
  EXPECT_EQ(refusal_of({"worker", fhir, "--page-size", "5"}),
            "--page-size: '5' is not allowed; it takes a whole number from 20 to 1000");
  EXPECT_EQ(refusal_of({"worker", fhir}, {{"SET_ACCOUNTS_PAGE_SIZE", "many"}}),
            "--page-size (SET_ACCOUNTS_PAGE_SIZE): 'many' is not allowed; it takes a whole number from 20 to 1000");
  const TemporaryFile file("verify = 'twice'");
  EXPECT_EQ(refusal_of({"worker", fhir, "--config", file.path()}),
            "--verify (file " + file.path() + "): 'twice' is not allowed; it takes full or none");
  EXPECT_EQ(refusal_of({"worker", fhir, "--lease", "10"}),
            "--lease: '10' is not allowed; it takes a duration from 1s to 1h, such as 250ms, 10s, 5m, 12h or 7d");
  EXPECT_EQ(refusal_of({"worker", fhir, "--body-limit", "64"}),
            "--body-limit: '64' is not allowed; it takes a size from 1MB to 1GB, such as 500kB, 64MB, 1GB or 64MiB");
  EXPECT_EQ(refusal_of({"worker", fhir, "--token-file", "/no/such"}),
            "--token-file: '/no/such' is not allowed; it takes a file that exists and that this user may read");
  EXPECT_EQ(
      refusal_of({"worker", "--fhir-url", "api.example.org"}),
      "--fhir-url: 'api.example.org' is not allowed; it takes an http:// or https:// URL with a host, and no user, "
      "query or fragment");
  EXPECT_EQ(refusal_of({"jobs", "--redis-url", "localhost:6379"}),
            "--redis-url: 'localhost:6379' is not allowed; it takes " + std::string(redis_urls));
}

TEST(Settings, AQueueKeepsAllItsKeysInOneSlot) {
  for (const char* name : {"}", "a}b", "{a}", "a b", "a\n"})
    EXPECT_TRUE(refusal_of({"jobs", "--queue", name}).ends_with("it takes a name without blanks and braces")) << name;
  EXPECT_EQ(refusal_of({"jobs", "--queue", "Prüfung:2"}), "accepted");
}

TEST(Settings, KeysThatNoOptionHasAreNamed) {
  const TemporaryFile file("jobs = 2\nspeed = 3\nclient-secret = 'x'\n");
  EXPECT_EQ(refusal_of({"jobs", "--config", file.path()}),
            file.path() +
                ": there is no such setting as client-secret, speed (keys are the flags of set-accounts worker "
                "--help, without the dashes)");
}

TEST(Settings, OfTheWorkerDoNotConcernSmallCommands) {
  const TemporaryFile file("page-size = 5\nqueue = 'blue'\n");
  EXPECT_EQ(parsed({"jobs", "--config", file.path()}, {{"SET_ACCOUNTS_VERIFY", "x"}}).settings.redis.queue, "blue");
}

TEST(Settings, EmptyVariablesCountAsUnset) {
  const Invocation read = parsed({"worker", fhir}, {{"SET_ACCOUNTS_TOKEN_FILE", ""}, {"SET_ACCOUNTS_JOBS", ""}});
  EXPECT_EQ(source_of(read, "token-file"), "default");
  EXPECT_EQ(read.settings.worker.jobs, 8U);
}

TEST(Settings, FhirUrlIsRequiredWhereAServerIsAsked) {
  for (const char* command : {"worker", "check"})
    EXPECT_EQ(refusal_of({command}),
              "--fhir-url is required: the FHIR server's base, e.g. https://api.example.org/fhir/R4");
  EXPECT_EQ(refusal_of({"jobs"}), "accepted");
  EXPECT_EQ(parsed({"worker", "--fhir-url", "https://h/fhir/R4//"}).settings.fhir.url, "https://h/fhir/R4");
}

TEST(Settings, LogIsTextOnATerminalElseJson) {
  EXPECT_EQ(parsed({"worker", fhir}, {}, true).settings.log.format, LogFormat::text);
  EXPECT_EQ(parsed({"worker", fhir}, {}, false).settings.log.format, LogFormat::json);
  EXPECT_EQ(parsed({"worker", fhir, "--log-format", "json"}, {}, true).settings.log.format, LogFormat::json);
}

TEST(Secrets, PasswordInAFlagIsRefusedButNotFromEnvironmentOrFile) {
  EXPECT_EQ(
      refusal_of({"jobs", "--redis-url", "redis://u:secret@h"}),
      "--redis-url: a password in a flag can be read in every process list; use --redis-password-file, or put the "
      "URL into SET_ACCOUNTS_REDIS_URL or the file");
  EXPECT_EQ(refusal_of({"jobs", "--redis-url", "redis://u@h"}), "accepted");
  EXPECT_EQ(parsed({"jobs"}, {{"SET_ACCOUNTS_REDIS_URL", "redis://u:secret@h"}}).settings.redis.url,
            "redis://u:secret@h");
  const TemporaryFile file("redis-url = 'redis://u:sec#ret@h'");
  EXPECT_EQ(parsed({"jobs", "--config", file.path()}).settings.redis.url, "redis://u:sec#ret@h");
}

TEST(Secrets, AreNeverShown) {
  const Variables variables = {{"SET_ACCOUNTS_REDIS_URL", "redis://u:hush@h"},
                               {"SET_ACCOUNTS_CLIENT_ID", "me"},
                               {"SET_ACCOUNTS_CLIENT_SECRET", "hush"}};
  for (const SettingInForce& setting : parsed({"check", fhir}, variables).in_force)
    EXPECT_EQ(setting.value.find("hush"), std::string::npos) << setting.name;
  EXPECT_EQ(refusal_of({"jobs"}, {{"SET_ACCOUNTS_REDIS_URL", "reddis://u:hush@h"}}).find("hush"), std::string::npos);
}

TEST(Secrets, ThatForgotTheSchemeOfTheirUrlAreHiddenAndRefusedInAFlag) {
  for (const char* url :
       {"default:s3cret@host:6379", "s3cret@host:6379", "redis:/u:s3cret@h", "redis://s3cret@h:99999"}) {
    EXPECT_EQ(refusal_of({"jobs"}, {{"SET_ACCOUNTS_REDIS_URL", url}}),
              "--redis-url (SET_ACCOUNTS_REDIS_URL): '***' is not allowed; it takes " + std::string(redis_urls))
        << url;
    EXPECT_TRUE(refusal_of({"jobs", "--redis-url", url}).starts_with("--redis-url: a password in a flag")) << url;
  }
  EXPECT_EQ(refusal_of({"jobs", "--redis-url", "embedded:/x@y"}), "accepted");
}

TEST(Secrets, OfTheClientComeFromAFileOrItsVariableOnly) {
  const TemporaryFile secret("s");
  EXPECT_EQ(
      parsed({"worker", fhir, "--client-id", "me"}, {{"SET_ACCOUNTS_CLIENT_SECRET", "s"}}).settings.fhir.client_secret,
      "s");
  EXPECT_NE(refusal_of({"worker", fhir, "--client-id=me", "--client-secret=s"}), "accepted");
  EXPECT_EQ(refusal_of({"worker", fhir, "--client-id=me", "--client-secret-file", secret.path()}), "accepted");
}

TEST(Settings, ThatDoNotGoTogetherAreRefused) {
  const TemporaryFile file("s");
  EXPECT_EQ(
      refusal_of({"worker", fhir, "--client-id=me"}),
      "--client-id needs its secret: --client-secret-file, SET_ACCOUNTS_CLIENT_SECRET, or in $CREDENTIALS_DIRECTORY "
      "(of the packaged service: /etc/set-accounts/credentials) a file client-secret that is not empty");
  EXPECT_EQ(refusal_of({"worker", fhir, "--client-secret-file=" + file.path()}),
            "a client secret is set, but --client-id is not");
  EXPECT_EQ(refusal_of({"worker", fhir, "--client-id=me", "--client-secret-file=" + file.path()},
                       {{"SET_ACCOUNTS_CLIENT_SECRET", "s"}}),
            "--client-secret-file and SET_ACCOUNTS_CLIENT_SECRET are both set; give one");
  EXPECT_EQ(refusal_of({"worker", fhir, "--client-id=me", "--token-file=" + file.path()},
                       {{"SET_ACCOUNTS_CLIENT_SECRET", "s"}}),
            "--client-id and --token-file are both set; give one");
  EXPECT_EQ(refusal_of({"jobs", "--redis-cert-file=" + file.path()}),
            "--redis-cert-file and --redis-key-file are set together or not at all");
  EXPECT_EQ(refusal_of({"worker", fhir, "--tls-cert-file=" + file.path()}),
            "--tls-cert-file and --tls-key-file are set together or not at all");
}

TEST(Settings, KnowWhetherSomebodyAskedForTheAddress) {
  EXPECT_EQ(parsed({"worker", fhir}).settings.http.listen, "127.0.0.1:8089");
  EXPECT_FALSE(parsed({"worker", fhir}).settings.http.listen_was_asked_for);
  EXPECT_TRUE(parsed({"worker", fhir, "--listen", "127.0.0.1:8089"}).settings.http.listen_was_asked_for);
  EXPECT_EQ(parsed({"worker", fhir, "--listen", ""}).settings.http.listen, "");
  EXPECT_EQ(refusal_of({"worker", fhir, "--listen", "8089"}),
            "--listen: '8089' is not allowed; it takes HOST:PORT, such as 127.0.0.1:8089, [::1]:8089 or 0.0.0.0:8089, "
            "or nothing for no server");
}

}  // namespace
}  // namespace config
