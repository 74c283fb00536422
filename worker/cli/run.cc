#include "worker/cli/run.h"

#include <csignal>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <unistd.h>
#include <utility>
#include <variant>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include "queue/embedded_redis.h"
#include "worker/cli/commands.h"

namespace worker::cli {
namespace {

namespace asio = boost::asio;

constexpr int interrupted_exit_code = 130;

struct Prepare {
  const config::Invocation& asked;
  Errand operator()(const config::Check& /*check*/) const { return prepare_check(asked); }
  Errand operator()(const config::Answer& /*answer*/) const { throw std::logic_error("an answer is no command"); }
  Errand operator()(const config::Work& /*work*/) const { throw std::logic_error("the worker runs by itself"); }
  Errand operator()(const auto& command) const { return prepare(command); }
};

/// Runs the command to its end or to Ctrl-C, which cancels it.
int run_to_end(asio::io_context& io, const Errand& errand, Session& session) {
  int exit_code = 1;
  bool interrupted = false;
  std::exception_ptr failure;
  asio::cancellation_signal cancel;
  asio::signal_set signals(io, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& error, int /*signal*/) {
    if (error) return;
    interrupted = true;
    cancel.emit(asio::cancellation_type::terminal);
  });
  asio::co_spawn(io.get_executor(), errand(session),
                 asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr error, int code) {
                   failure = std::move(error);
                   exit_code = code;
                   io.stop();
                 }));
  io.run();
  if (interrupted) {
    std::cerr << "set-accounts: interrupted" << (session.if_interrupted.empty() ? "" : "; ") << session.if_interrupted
              << '\n';
    return interrupted_exit_code;
  }
  if (failure) std::rethrow_exception(failure);
  return exit_code;
}

std::string no_worker_at(const std::filesystem::path& folder) {
  return "no worker runs with the embedded Redis in " + folder.string() +
         "; if yours has another, say so: --redis-url, or --config with the worker's file";
}

/// The embedded Redis where it is asked for; `settings` then lead to it.
class OwnRedis {
 public:
  explicit OwnRedis(config::Redis& settings) {
    if (!queue::EmbeddedRedis::wanted(settings.url)) return;
    const std::string asked = std::exchange(settings.url, nowhere);
    try {
      embedded_.emplace(queue::EmbeddedRedis::directory_of(asked));
      settings.url = embedded_->url();
      if (embedded_->started()) note_ = no_worker_at(queue::EmbeddedRedis::directory_of(asked));
    } catch (const std::exception& trouble) {
      trouble_ = trouble.what();
    }
  }
  /// Why it cannot be had; empty if it can.
  const std::string& trouble() const { return trouble_; }
  /// That no worker has begun to use it, since the queue that was meant may be another; empty if one has.
  const std::string& note() const { return note_; }

 private:
  static constexpr const char* nowhere = "unix:///dev/null";

  std::optional<queue::EmbeddedRedis> embedded_;
  std::string trouble_;
  std::string note_;
};

}  // namespace

int run(const config::Invocation& asked) {
  const Errand errand = std::visit(Prepare{asked}, asked.command);
  config::Redis settings = asked.settings.redis;
  const OwnRedis own(settings);
  const bool goes_on_without = std::holds_alternative<config::Check>(asked.command);
  if (!own.trouble().empty() && !goes_on_without) throw std::runtime_error(own.trouble());
  if (!own.note().empty()) std::cerr << "set-accounts: " << own.note() << '\n';
  asio::io_context io(1);
  queue::RedisClient redis(io.get_executor(), settings, [](const std::string& /*why*/) {});
  queue::Producer producer(redis, settings.queue);
  queue::Records records(redis, settings.queue);
  Session session{.redis = redis,
                  .producer = producer,
                  .records = records,
                  .out = std::cout,
                  .terminal = isatty(STDOUT_FILENO) == 1,
                  .no_redis = own.trouble(),
                  .if_interrupted = {}};
  return run_to_end(io, errand, session);
}

}  // namespace worker::cli
