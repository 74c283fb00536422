#include "sandbox/server.h"

#include <exception>
#include <future>
#include <optional>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "sandbox/host.h"
#include "sandbox/outcome.h"
#include "sandbox/session.h"

namespace sandbox {
namespace asio = boost::asio;
using tcp = asio::ip::tcp;

struct Server::Running {
  explicit Running(const ServerOptions& options) : host(options) {
    const bool tls = !options.tls_certificate.empty();
    if (tls) {
      auto& with_certificate = context.emplace(asio::ssl::context::tls_server);
      with_certificate.use_certificate_chain_file(options.tls_certificate);
      with_certificate.use_private_key_file(options.tls_key, asio::ssl::context::pem);
    }
    host.control = [](const Asked& /*asked*/) { return not_found(); };
    listen({asio::ip::make_address(options.address), options.port});
    url = (tls ? "https://" : "http://") + options.address + ":" + std::to_string(endpoint.port());
    host.endpoints.set_base(options.public_base.empty() ? url + "/" : options.public_base);
    thread = std::thread([this] { io.run(); });
  }

  ~Running() {
    io.stop();
    thread.join();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  void listen(const tcp::endpoint& at) {
    tcp::acceptor& listening = acceptor.emplace(io, at);
    endpoint = listening.local_endpoint();
    spawn(accept(listening));
  }

  asio::awaitable<void> accept(tcp::acceptor& from) {
    for (;;) {
      tcp::socket socket = co_await from.async_accept(asio::use_awaitable);
      spawn(context ? serve_tls(host, std::move(socket), *context) : serve(host, std::move(socket)));
    }
  }

  /// A connection that breaks ends its own session and nothing else; any other error ends the program, visibly.
  void spawn(asio::awaitable<void> session) {
    asio::co_spawn(io, std::move(session), [](const std::exception_ptr& error) {
      try {
        if (error) std::rethrow_exception(error);
      } catch (const boost::system::system_error&) {
        return;
      }
    });
  }

  void drop_connections() {
    boost::system::error_code ignored;
    for (tcp::socket* socket : host.open) socket->close(ignored);
  }

  std::optional<asio::ssl::context> context;
  Host host;
  std::string url;
  tcp::endpoint endpoint;
  asio::io_context io{1};  // after what its coroutines use: they die with it
  std::optional<tcp::acceptor> acceptor;
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
  std::thread thread;
};

Server::Server(ServerOptions options) : running_(std::make_unique<Running>(options)) {}
Server::~Server() = default;

std::string Server::base_url() const {
  return running_->url;
}
std::string Server::fhir_url() const {
  return running_->url + "/fhir/R4";
}
std::uint16_t Server::port() const {
  return running_->endpoint.port();
}

void Server::with_world(const std::function<void(World&)>& use) {
  on_thread([&] { use(running_->host.endpoints.world()); });
}

Counters Server::counters() {
  Counters counters;
  on_thread([&] { counters = running_->host.endpoints.counters(); });
  return counters;
}

std::vector<CommittedPatch> Server::committed_patches() {
  std::vector<CommittedPatch> patches;
  on_thread([&] { patches = running_->host.endpoints.committed_patches(); });
  return patches;
}

void Server::reset_counters() {
  on_thread([&] {
    Counters& counters = running_->host.endpoints.counters();
    const long open = counters.open_connections;
    const long in_flight = counters.patches_in_flight;
    counters = Counters();
    counters.open_connections = open;
    counters.patches_in_flight = in_flight;
  });
}

void Server::add_fault(Fault fault) {
  on_thread([&] { running_->host.faults.add(std::move(fault)); });
}
void Server::clear_faults() {
  on_thread([&] { running_->host.faults.clear(); });
}
void Server::revoke_tokens() {
  on_thread([&] { running_->host.endpoints.tokens().revoke_all(); });
}
void Server::change_options(const std::function<void(ServerOptions&)>& change) {
  on_thread([&] { change(running_->host.options); });
}

void Server::before_patch(Moment moment) {
  on_thread([&] { running_->host.endpoints.moments().before_patch = std::move(moment); });
}
void Server::after_patch(Moment moment) {
  on_thread([&] { running_->host.endpoints.moments().after_patch = std::move(moment); });
}
void Server::before_page(Moment moment) {
  on_thread([&] { running_->host.endpoints.moments().before_page = std::move(moment); });
}
void Server::before_read(Moment moment) {
  on_thread([&] { running_->host.endpoints.moments().before_read = std::move(moment); });
}

void Server::set_silent(bool silent) {
  on_thread([&] { running_->host.silent = silent; });
}
void Server::close() {
  on_thread([&] {
    running_->acceptor->close();
    running_->drop_connections();
  });
}
void Server::reopen() {
  on_thread([&] { running_->listen(running_->endpoint); });
}
void Server::drop_connections() {
  on_thread([&] { running_->drop_connections(); });
}

void Server::set_control(std::function<Answer(const Asked&)> control) {
  on_thread([&] { running_->host.control = std::move(control); });
}

void Server::on_thread(const std::function<void()>& work) {
  if (running_->io.get_executor().running_in_this_thread()) {
    work();
    return;
  }
  std::promise<void> done;
  asio::post(running_->io, [&] {
    try {
      work();
      done.set_value();
    } catch (...) {
      done.set_exception(std::current_exception());
    }
  });
  done.get_future().get();
}

}  // namespace sandbox
