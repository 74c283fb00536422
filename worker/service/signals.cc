#include "worker/service/signals.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <sys/signalfd.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/read.hpp>

namespace worker::service {
namespace {

constexpr std::initializer_list<int> held = {SIGTERM, SIGINT, SIGHUP};
constexpr std::initializer_list<int> of_a_daemon = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};

/// For the handler, which knows nothing but what is global.
volatile std::sig_atomic_t code_at_once = 0;

void end_at_once(int /*signal*/) {
  ::_exit(code_at_once);
}

sigset_t set_of(std::initializer_list<int> signals) {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : signals) ::sigaddset(&set, signal);
  return set;
}

bool is_ignored(int signal) {
  struct sigaction action{};
  ::sigaction(signal, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

int descriptor_of(const sigset_t& signals) {
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const int descriptor = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (descriptor < 0) throw boost::system::system_error(errno, boost::system::system_category());
  return descriptor;
}

}  // namespace

void hold_signals() {
  const sigset_t signals = set_of(held);
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

struct EndAtOnce::Held {
  std::vector<std::pair<int, struct sigaction>> actions;
};

EndAtOnce::EndAtOnce(std::initializer_list<int> signals, int exit_code) : held_(std::make_unique<Held>()) {
  code_at_once = exit_code;
  struct sigaction ending{};
  ending.sa_handler = end_at_once;
  for (const int signal : signals) {
    if (signal == SIGHUP && is_ignored(signal)) continue;
    ::sigaction(signal, &ending, &held_->actions.emplace_back(signal, ending).second);
  }
  const sigset_t now = set_of(signals);
  ::pthread_sigmask(SIG_UNBLOCK, &now, nullptr);
}

EndAtOnce::~EndAtOnce() {
  hold_signals();
  for (const auto& [signal, action] : held_->actions) ::sigaction(signal, &action, nullptr);
}

struct Signals::Stream {
  boost::asio::posix::basic_stream_descriptor<fhir::Executor> descriptor;
};

Signals::Signals(const fhir::Executor& executor)
    : stream_(new Stream{
          boost::asio::posix::basic_stream_descriptor<fhir::Executor>(executor, descriptor_of(set_of(of_a_daemon)))}) {}

Signals::~Signals() = default;

Awaitable<int> Signals::next() {
  signalfd_siginfo caught{};
  co_await boost::asio::async_read(stream_->descriptor, boost::asio::buffer(&caught, sizeof(caught)),
                                   fhir::use_awaitable);
  co_return static_cast<int>(caught.ssi_signo);
}

}  // namespace worker::service
