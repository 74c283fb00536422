#include "tests/worker/http/running_server.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "tests/support/wait_until.h"

namespace test {
namespace {

config::Http anywhere(config::Http settings) {
  settings.listen = "127.0.0.1:0";
  return settings;
}

}  // namespace

RunningServer::RunningServer(worker::http::Handler handler, worker::http::Limits limits, config::Http settings)
    : stays_(io_.get_executor()),
      server_(std::make_unique<worker::http::Server>(io_.get_executor(), anywhere(std::move(settings)), limits,
                                                     std::move(handler))) {
  const std::string address = server_->address();
  port_ = static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));
  boost::asio::co_spawn(io_, server_->run(),
                        boost::asio::bind_cancellation_slot(end_.slot(), [this](const std::exception_ptr&) {
                          boost::asio::post(io_, [this] { over_.set_value(); });
                        }));
  thread_ = std::thread([this] { io_.run(); });
}

RunningServer::~RunningServer() {
  boost::asio::post(io_, [this] { end_.emit(boost::asio::cancellation_type::terminal); });
  over_.get_future().wait();
  stays_.reset();
  io_.stop();
  thread_.join();
}

worker::http::ServerCounts RunningServer::counts() {
  worker::http::ServerCounts counts;
  run([&] { counts = server_->counts(); });
  return counts;
}

bool RunningServer::until(const std::function<bool(const worker::http::ServerCounts&)>& holds) {
  try {
    wait_until("the counts", [&] { return holds(counts()); }, std::chrono::seconds(20));
  } catch (const std::runtime_error&) {
    return false;
  }
  return true;
}

std::future<void> RunningServer::finish(std::chrono::milliseconds limit) {
  auto over = std::make_shared<std::promise<void>>();
  auto future = over->get_future();
  boost::asio::post(io_, [this, limit, over] {
    boost::asio::co_spawn(io_, server_->finish(limit), [over](const std::exception_ptr&) { over->set_value(); });
  });
  return future;
}

void RunningServer::run(const std::function<void()>& what) {
  std::promise<void> done;
  boost::asio::post(io_, [&] {
    what();
    done.set_value();
  });
  done.get_future().wait();
}

worker::Awaitable<worker::http::Response> echo(worker::http::Request request) {
  worker::http::Response response;
  response.content_type = "text/plain";
  response.body = request.method;
  for (const std::string& segment : request.path) response.body += "/" + segment;
  response.body += "?" + request.query + " " + request.body;
  co_return response;
}

}  // namespace test
