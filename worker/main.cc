#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <variant>

#include <boost/system/system_error.hpp>

#include "config/command_line.h"
#include "worker/cli/run.h"
#include "worker/log.h"
#include "worker/run_daemon.h"
#include "worker/service/signals.h"
#include "worker/service/standard_streams.h"

namespace {

using worker::service::EndAtOnce;

constexpr int failed = 1;
constexpr int bad_usage = 2;
constexpr int interrupted = 130;

/// A file that is a pipe may keep us waiting.
config::Invocation read_at_first(const worker::service::ReadSettings& read) {
  const EndAtOnce meanwhile({SIGTERM, SIGINT}, interrupted);
  return read();
}

int run(int argc, char** argv) {
  const auto read = [argc, argv] { return config::parse(argc, argv, config::Environment::of_this_process()); };
  const config::Invocation asked = read_at_first(read);
  worker::log::set_up(asked.settings.log);
  if (std::holds_alternative<config::Work>(asked.command)) return worker::run_daemon(asked, read);
  const EndAtOnce whenever_nobody_listens({SIGTERM, SIGINT, SIGHUP}, interrupted);
  if (const auto* answer = std::get_if<config::Answer>(&asked.command)) {
    std::cout << answer->text;
    return 0;
  }
  return worker::cli::run(asked);
}

int say(const std::string& why, int exit_code) {
  std::cerr << "set-accounts: " << why << '\n';
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  worker::service::hold_signals();
  worker::service::open_standard_streams();
  try {
    return run(argc, argv);
  } catch (const config::BadUsage& error) {
    return say(error.what(), bad_usage);
  } catch (const boost::system::system_error& error) {
    // what() carries paths of headers since Boost 1.81.
    return say(error.code().message(), failed);
  } catch (const std::exception& error) {
    return say(error.what(), failed);
  }
}
