#include "worker/run_daemon.h"

#include <csignal>
#include <exception>
#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "queue/embedded_redis.h"
#include "queue/redis_url.h"
#include "worker/daemon.h"
#include "worker/log.h"
#include "worker/service/notify_socket.h"
#include "worker/service/signals.h"

namespace worker {
namespace {

/// The embedded Redis where it is asked for; `redis` then leads to it.
std::unique_ptr<queue::EmbeddedRedis> embedded_redis(config::Redis& redis) {
  if (!queue::EmbeddedRedis::wanted(redis.url)) return nullptr;
  auto embedded = std::make_unique<queue::EmbeddedRedis>(queue::EmbeddedRedis::directory_of(redis.url));
  redis.url = embedded->url();
  return embedded;
}

std::unique_ptr<Daemon> daemon_of(boost::asio::io_context& io, Daemon::Beginning beginning) {
  try {
    return std::make_unique<Daemon>(io, std::move(beginning));
  } catch (const std::invalid_argument& wrong) {
    throw config::BadUsage(wrong.what());
  } catch (const queue::BadRedisUrl& wrong) {
    throw config::BadUsage(wrong.what());
  }
}

int ended_by(const std::string& failure) {
  log::event(log::Level::error, "worker ended by a failure", {{"why", failure}});
  return 1;
}

/// Runs it to its end; the exit code.
int run(boost::asio::io_context& io, Daemon& daemon) {
  std::exception_ptr failure;
  boost::asio::co_spawn(io.get_executor(), daemon.run(), [&](std::exception_ptr error) {
    failure = error;
    io.stop();
  });
  io.run();
  try {
    if (failure) std::rethrow_exception(failure);
  } catch (const service::Hurried& hurry) {
    log::event(log::Level::warning, "stopped in a hurry", {{"why", hurry.what()}});
  } catch (const boost::system::system_error& error) {
    return ended_by(error.code().message());
  } catch (const std::exception& error) {
    return ended_by(error.what());
  }
  log::event(log::Level::info, "worker stopped",
             {{"handedBack", daemon.ended_since_told(AttemptEnd::handed_back)},
              {"leftToTheirLease", daemon.ended_since_told(AttemptEnd::left)}});
  return daemon.exit_code();
}

}  // namespace

int run_daemon(config::Invocation asked, const service::ReadSettings& read) {
  std::signal(SIGPIPE, SIG_IGN);
  const config::Settings settings = asked.settings;
  Daemon::Beginning beginning{.asked = std::move(asked),
                              .read = read,
                              .redis = settings.redis,
                              .supervision = service::take_supervision_from_environment()};

  // Nothing runs yet, so nothing is left undone. A SIGHUP is held: it is heeded as soon as the daemon runs.
  auto starting = std::make_unique<service::EndAtOnce>(std::initializer_list<int>{SIGTERM, SIGINT}, 0);
  const auto embedded = embedded_redis(beginning.redis);
  beginning.redis_is_embedded = embedded != nullptr;

  // One thread: sockets need no locks. (The queue of handlers does: names are looked up by a thread of Asio's.)
  boost::asio::io_context io(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO);
  const auto daemon = daemon_of(io, std::move(beginning));
  log::event(log::Level::info, "worker started",
             {{"worker", daemon->worker_id()}, {"queue", settings.redis.queue}, {"fhir", settings.fhir.url}});
  starting.reset();
  const int exit_code = run(io, *daemon);
  log::finish();
  return exit_code;
}

}  // namespace worker
