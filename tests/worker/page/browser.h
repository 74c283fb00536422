#pragma once

#include <chrono>
#include <string>
#include <sys/types.h>
#include <vector>

#include "sandbox/json.h"
#include "tests/support/redis_server.h"

namespace test {

/// Headless Chromium with one page, spoken to over two pipes (the DevTools protocol, JSON between NULs). Its profile is
/// a folder of its own; it is gone at the end, with all of its processes. Throws std::runtime_error for what Chromium
/// refuses, and when it does not answer.
class Browser {
 public:
  /// Whether this machine has one.
  static bool available();

  Browser();
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  void open(const std::string& url);
  /// The value of an expression, as text; waits for promises. Throws what the script throws.
  std::string evaluate(const std::string& script);
  /// Whether it becomes true in time.
  bool until(const std::string& condition, std::chrono::milliseconds limit = std::chrono::seconds(30));

  void size(int width, int height, bool dark = false);
  /// With each request from now on.
  void send_field(const std::string& name, const std::string& value);
  /// Answers every question for a password with it, as somebody would who sits before it.
  void log_in_with(const std::string& password);
  /// Neither field nor password any more.
  void forget();
  /// A key is pressed: `Tab`, `Enter`.
  void press(const std::string& key);
  /// PNG, into the folder that SET_ACCOUNTS_TEST_SCREENSHOTS names; nothing if it names none.
  void screenshot(const std::string& name);

  /// What went to the console as an error, was thrown and not caught, or was forbidden by the page's policy.
  const std::vector<std::string>& complaints() const { return complaints_; }
  /// Of all requests that it sent.
  const std::vector<std::string>& urls() const { return urls_; }
  int passwords_asked() const { return passwords_asked_; }

 private:
  sandbox::Json call(const std::string& method, const std::string& parameters = "{}");
  void send(const std::string& method, const std::string& parameters);
  /// The next message, or an empty text when none came in time.
  std::string receive(std::chrono::steady_clock::time_point until);
  void note(const sandbox::Json& event);
  void answer_password(const sandbox::JsonValue& parameters);

  TempFolder profile_;
  pid_t pid_ = -1;
  int to_ = -1;
  int from_ = -1;
  int last_id_ = 0;
  std::string session_;
  std::string received_;
  std::string password_;
  int passwords_asked_ = 0;
  std::vector<std::string> complaints_;
  std::vector<std::string> urls_;
};

}  // namespace test
