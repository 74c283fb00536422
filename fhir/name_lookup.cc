#include "fhir/name_lookup.h"

#include <memory>
#include <stdexcept>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include "fhir/http_message.h"

namespace fhir {
namespace {

using boost::asio::ip::tcp;
using Resolver = boost::asio::ip::basic_resolver<tcp, Executor>;

/// Owned by the waiting coroutine and by the resolver's handler: either may end first.
struct Lookup {
  explicit Lookup(const Executor& executor, Clock::time_point deadline)
      : resolver(executor), over(executor, deadline) {}
  Resolver resolver;
  Timer over;
  bool answered = false;
  boost::system::error_code error;
  std::vector<tcp::endpoint> found;
};

void start(const std::shared_ptr<Lookup>& lookup, const std::string& host, const std::string& port) {
  lookup->resolver.async_resolve(host, port,
                                 [lookup](boost::system::error_code error, const Resolver::results_type& results) {
                                   lookup->answered = true;
                                   lookup->error = error;
                                   for (const auto& entry : results) lookup->found.push_back(entry.endpoint());
                                   lookup->over.cancel();
                                 });
}

}  // namespace

Awaitable<std::vector<tcp::endpoint>> look_up(std::string host, std::string port, Clock::time_point deadline) {
  boost::system::error_code no_literal;
  const auto address = boost::asio::ip::make_address(host, no_literal);
  if (!no_literal) {
    const auto number = static_cast<boost::asio::ip::port_type>(std::stoi(port));
    std::vector<tcp::endpoint> itself = {{address, number}};
    co_return itself;
  }
  const Executor executor = co_await boost::asio::this_coro::executor;
  const auto lookup = std::make_shared<Lookup>(executor, deadline);
  start(lookup, host, port);
  boost::system::error_code ended;
  co_await lookup->over.async_wait(boost::asio::redirect_error(use_awaitable, ended));
  using Kind = TransportError::Kind;
  if (!lookup->answered) {
    if (ended) throw boost::system::system_error(ended);
    throw TransportError(Kind::timed_out, false, "no answer in time to who " + host + " is");
  }
  if (lookup->error || lookup->found.empty()) {
    throw TransportError(Kind::unreachable, false, host + ": " + lookup->error.message());
  }
  co_return std::move(lookup->found);
}

}  // namespace fhir
