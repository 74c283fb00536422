#include "tests/worker/page/browser.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

#include <openssl/evp.h>

namespace test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using sandbox::Json;
using sandbox::JsonValue;

constexpr auto answer_limit = 60s;

/// Both ends above those that the browser expects its own at.
struct Pipe {
  Pipe() {
    std::array<int, 2> low{};
    if (::pipe2(low.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe2");
    read_end = ::fcntl(low[0], F_DUPFD_CLOEXEC, 10);
    write_end = ::fcntl(low[1], F_DUPFD_CLOEXEC, 10);
    ::close(low[0]);
    ::close(low[1]);
  }
  int read_end;
  int write_end;
};

std::vector<std::string> command(const std::string& profile) {
  return {"chromium",
          "--headless=new",
          "--remote-debugging-pipe",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-extensions",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--no-first-run",
          "--no-default-browser-check",
          "--hide-scrollbars",
          "--force-color-profile=srgb",
          "--lang=en-GB",
          "--user-data-dir=" + profile,
          "about:blank"};
}

/// In a process group of its own, so that all of it can be ended; what it says is nobody's business.
pid_t spawn(std::vector<std::string> arguments, const Pipe& to, const Pipe& from) {
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, to.read_end, 3);
  ::posix_spawn_file_actions_adddup2(&actions, from.write_end, 4);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, 5);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t pid = -1;
  const int failed = ::posix_spawnp(&pid, argv[0], &actions, &attributes, argv.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::system_error(failed, std::generic_category(), "chromium");
  return pid;
}

std::string json_text(const std::string& text) {
  Json json;
  return sandbox::to_text(sandbox::text_value(text, json.GetAllocator()));
}

/// Of base64; its padding stays as zeros behind the end, where no PNG minds.
std::string decoded(const std::string& base64) {
  std::string bytes(base64.size(), '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(base64.data()), static_cast<int>(base64.size()));
  bytes.resize(static_cast<std::size_t>(std::max(length, 0)));
  return bytes;
}

std::string text_at(const JsonValue& value, const std::vector<std::string>& path) {
  const JsonValue* at = &value;
  for (const auto& name : path) {
    at = sandbox::member(*at, name);
    if (at == nullptr) return {};
  }
  return at->IsString() ? std::string(sandbox::text_of(*at)) : sandbox::to_text(*at);
}

}  // namespace

bool Browser::available() {
  return std::system("command -v chromium >/dev/null 2>&1") == 0;
}

Browser::Browser() {
  ::signal(SIGPIPE, SIG_IGN);
  const Pipe to, from;
  pid_ = spawn(command(profile_.path() / "profile"), to, from);
  ::close(to.read_end);
  ::close(from.write_end);
  to_ = to.write_end;
  from_ = from.read_end;
  const auto target = call("Target.createTarget", R"({"url":"about:blank"})");
  const auto attached =
      call("Target.attachToTarget", R"({"flatten":true,"targetId":)" + json_text(text_at(target, {"targetId"})) + "}");
  session_ = text_at(attached, {"sessionId"});
  for (const char* domain : {"Page", "Runtime", "Log", "Network"}) call(std::string(domain) + ".enable");
}

Browser::~Browser() {
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  ::close(to_);
  ::close(from_);
}

void Browser::open(const std::string& url) {
  const auto answer = call("Page.navigate", R"({"url":)" + json_text(url) + "}");
  const std::string error = text_at(answer, {"errorText"});
  if (!error.empty()) throw std::runtime_error("chromium: " + url + ": " + error);
  if (!until("document.readyState === 'complete'")) throw std::runtime_error("chromium: " + url + " does not load");
}

std::string Browser::evaluate(const std::string& script) {
  const auto answer =
      call("Runtime.evaluate", R"({"returnByValue":true,"awaitPromise":true,"expression":)" + json_text(script) + "}");
  if (answer.HasMember("exceptionDetails"))
    throw std::runtime_error(script + ": " + text_at(answer, {"exceptionDetails", "exception", "description"}));
  return text_at(answer, {"result", "value"});
}

/// Pages come and go meanwhile: a script that was cut off is asked again.
bool Browser::until(const std::string& condition, std::chrono::milliseconds limit) {
  const auto end = Clock::now() + limit;
  for (;;) {
    try {
      if (evaluate("Boolean(" + condition + ")") == "true") return true;
    } catch (const std::runtime_error&) {
      if (Clock::now() > end) throw;
    }
    if (Clock::now() > end) return false;
    std::this_thread::sleep_for(20ms);
  }
}

void Browser::size(int width, int height, bool dark) {
  call("Emulation.setDeviceMetricsOverride",
       R"({"deviceScaleFactor":1,"mobile":)" + std::string(width < 600 ? "true" : "false") +
           ",\"width\":" + std::to_string(width) + ",\"height\":" + std::to_string(height) + "}");
  call("Emulation.setEmulatedMedia",
       R"({"features":[{"name":"prefers-color-scheme","value":")" + std::string(dark ? "dark" : "light") + "\"}]}");
}

void Browser::send_field(const std::string& name, const std::string& value) {
  call("Network.setExtraHTTPHeaders", R"({"headers":{)" + json_text(name) + ":" + json_text(value) + "}}");
}

void Browser::log_in_with(const std::string& password) {
  password_ = password;
  call("Fetch.enable", R"({"handleAuthRequests":true})");
}

void Browser::forget() {
  call("Network.setExtraHTTPHeaders", R"({"headers":{}})");
  call("Fetch.disable");
}

void Browser::press(const std::string& key) {
  const std::string code = key == "Enter" ? "13" : "9";
  const std::string text = key == "Enter" ? R"(,"text":"\r")" : "";
  for (const char* type : {"keyDown", "keyUp"})
    call("Input.dispatchKeyEvent", R"({"type":")" + std::string(type) + R"(","key":")" + key + R"(","code":")" + key +
                                       R"(","windowsVirtualKeyCode":)" + code + text + "}");
}

void Browser::screenshot(const std::string& name) {
  const char* folder = std::getenv("SET_ACCOUNTS_TEST_SCREENSHOTS");
  if (folder == nullptr) return;
  std::filesystem::create_directories(folder);
  const std::string width = evaluate("innerWidth");
  const auto shot =
      call("Page.captureScreenshot", R"({"format":"png","captureBeyondViewport":true,"clip":{"x":0,"y":0,)"
                                     R"("scale":1,"height":1200,"width":)" +
                                         width + "}}");
  const auto file = std::filesystem::path(folder) / (name + ".png");
  std::ofstream(file, std::ios::binary) << decoded(text_at(shot, {"data"}));
}

Json Browser::call(const std::string& method, const std::string& parameters) {
  send(method, parameters);
  const int id = last_id_;
  const auto end = Clock::now() + answer_limit;
  for (;;) {
    const std::string message = receive(end);
    if (message.empty()) throw std::runtime_error("chromium does not answer " + method);
    const auto json = sandbox::parsed(message);
    if (!json.HasMember("id")) {
      note(json);
    } else if (json["id"].GetInt() == id) {
      if (json.HasMember("error")) throw std::runtime_error(method + ": " + text_at(json, {"error", "message"}));
      return sandbox::copy_of(json["result"]);
    }
  }
}

void Browser::send(const std::string& method, const std::string& parameters) {
  std::string message =
      R"({"id":)" + std::to_string(++last_id_) + R"(,"method":")" + method + R"(","params":)" + parameters;
  if (!session_.empty()) message += R"(,"sessionId":)" + json_text(session_);
  message += "}";
  message.push_back('\0');
  for (std::size_t sent = 0; sent < message.size();) {
    const auto length = ::write(to_, message.data() + sent, message.size() - sent);
    if (length <= 0) throw std::runtime_error("chromium is gone");
    sent += static_cast<std::size_t>(length);
  }
}

std::string Browser::receive(Clock::time_point until) {
  for (;;) {
    const auto end = received_.find('\0');
    if (end != std::string::npos) {
      std::string message = received_.substr(0, end);
      received_.erase(0, end + 1);
      return message;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    pollfd fd{from_, POLLIN, 0};
    if (left <= 0ms || ::poll(&fd, 1, static_cast<int>(left.count())) <= 0) return {};
    std::array<char, 65536> buffer{};
    const auto length = ::read(from_, buffer.data(), buffer.size());
    if (length <= 0) throw std::runtime_error("chromium is gone");
    received_.append(buffer.data(), static_cast<std::size_t>(length));
  }
}

void Browser::note(const Json& event) {
  const std::string method = text_at(event, {"method"});
  const JsonValue& parameters = event["params"];
  if (method == "Network.requestWillBeSent") urls_.push_back(text_at(parameters, {"request", "url"}));
  if (method == "Runtime.exceptionThrown")
    complaints_.push_back(text_at(parameters, {"exceptionDetails", "exception", "description"}));
  if (method == "Runtime.consoleAPICalled" && text_at(parameters, {"type"}) == "error")
    complaints_.push_back(text_at(parameters, {"args"}));
  if (method == "Log.entryAdded" && text_at(parameters, {"entry", "level"}) == "error")
    complaints_.push_back(text_at(parameters, {"entry", "text"}) + " " + text_at(parameters, {"entry", "url"}));
  if (method == "Fetch.requestPaused")
    send("Fetch.continueRequest", R"({"requestId":)" + json_text(text_at(parameters, {"requestId"})) + "}");
  if (method == "Fetch.authRequired") answer_password(parameters);
}

void Browser::answer_password(const JsonValue& parameters) {
  ++passwords_asked_;
  send("Fetch.continueWithAuth",
       R"({"requestId":)" + json_text(text_at(parameters, {"requestId"})) +
           R"(,"authChallengeResponse":{"response":"ProvideCredentials","username":"","password":)" +
           json_text(password_) + "}}");
}

}  // namespace test
