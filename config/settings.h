#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace config {

/// How Redis is reached. Secrets are contents, already read from their file or the environment.
struct Redis {
  std::string url = "embedded:";  ///< redis:// unix:// redis+sentinel:// embedded:[DIR]; rediss: with TLS
  std::filesystem::path password_file;
  std::filesystem::path ca_file;
  std::filesystem::path cert_file;
  std::filesystem::path key_file;
  std::string queue = "set-accounts";  ///< every key of the queue begins with `{queue}:`
};

/// How the FHIR server is reached and how we prove who we are.
struct Fhir {
  std::string url;        ///< base, e.g. https://api.example.org/fhir/R4 ; required by worker and check
  std::string token_url;  ///< empty: <origin of url>/oauth2/token
  std::string client_id;  ///< OAuth2 client credentials; empty: no such login
  std::filesystem::path client_secret_file;  ///< read again when it changes
  std::string client_secret;                 ///< only from SET_ACCOUNTS_CLIENT_SECRET
  std::filesystem::path token_file;          ///< a fixed bearer token instead; read again when it changes
  std::filesystem::path ca_file;             ///< empty: the system's store
  std::size_t concurrency = 16;              ///< PATCHes in flight, the whole process
  std::uint64_t body_limit = 64'000'000;     ///< bytes of one answer, unpacked
  std::chrono::milliseconds request_timeout = std::chrono::seconds(30);
};

enum class Verify { full, none };

/// How jobs are run.
struct Worker {
  std::size_t jobs = 8;          ///< running at once
  std::size_t page_size = 1000;  ///< `_count` of one page of a compartment, 20 to 1000
  int max_attempts = 10;         ///< for jobs that do not bring their own
  Verify verify = Verify::full;
  std::chrono::milliseconds lease = std::chrono::seconds(15);
  std::chrono::milliseconds keep_finished = std::chrono::hours(7 * 24);
  std::chrono::milliseconds grace = std::chrono::seconds(25);
  bool drain = false;  ///< end when no job is left that could run
};

/// The worker's own HTTP server: the front door for FHIR clients, and what operators look at.
struct Http {
  std::string listen = "127.0.0.1:8089";  ///< HOST:PORT, port 0: any free one; empty: no server
  bool listen_was_asked_for = false;    ///< then it is an error that the address is taken; else a second worker is fine
  std::filesystem::path tls_cert_file;  ///< PEM, the chain with it
  std::filesystem::path tls_key_file;
  std::string public_url;  ///< by which clients reach us, without a path's last slash; empty: made from `listen`
  std::chrono::milliseconds sync_timeout = std::chrono::seconds(25);  ///< clients give up at 30
  std::size_t caller_rate = 6000;                                     ///< requests a minute that one caller may send
  std::filesystem::path
      caller_token_file;  ///< bearer tokens of those who may enqueue, where the FHIR server cannot say
  std::filesystem::path status_token_file;  ///< a token that opens the status page beyond loopback
};

enum class LogFormat { text, json };
enum class LogLevel { debug, info, warning, error };

struct Log {
  LogFormat format = LogFormat::json;  ///< the option's default is text on a terminal
  LogLevel level = LogLevel::info;
};

struct Settings {
  Redis redis;
  Fhir fhir;
  Worker worker;
  Http http;
  Log log;
};

}  // namespace config
