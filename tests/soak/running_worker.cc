#include "tests/soak/running_worker.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace soak {
namespace {

/// The shell becomes the worker.
constexpr const char* with_log = R"(log=$1; shift; exec "$@" 2>"$log")";

}  // namespace

RunningWorker::RunningWorker(std::vector<std::string> command, std::filesystem::path log) : log_(std::move(log)) {
  std::vector<std::string> arguments{"sh", "-c", with_log, "sh", log_};
  arguments.insert(arguments.end(), command.begin(), command.end());
  arguments.insert(arguments.end(), {"--listen", "127.0.0.1:0", "--log-format", "text"});
  process_ = std::make_unique<test::ChildProcess>(
      std::move(arguments), std::map<std::string, std::string>{{"SET_ACCOUNTS_CLIENT_SECRET", "secret"}});
}

bool RunningWorker::has_been_ready() const {
  const std::string said = log();
  return said.find(" ready\n") != std::string::npos && said.find(" tls=") != std::string::npos;
}

std::uint16_t RunningWorker::port() const {
  const std::string said = log();
  const std::string before = "listening address=127.0.0.1:";
  const auto at = said.find(before);
  if (at == std::string::npos) throw std::runtime_error("the worker does not listen: " + said);
  return static_cast<std::uint16_t>(std::stoi(said.substr(at + before.size())));
}

std::string RunningWorker::log() const {
  std::ostringstream text;
  text << std::ifstream(log_).rdbuf();
  return text.str();
}

}  // namespace soak
