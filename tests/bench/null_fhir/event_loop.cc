#include "tests/bench/null_fhir/event_loop.h"

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>

namespace null_fhir {

struct EventLoop::Connection {
  explicit Connection(int number) : socket(number) {}

  Descriptor socket;
  std::array<char, 16 * 1024> bytes;
  std::size_t size = 0;     ///< of what was read and not yet answered
  Request request;          ///< views into bytes
  bool waiting = false;     ///< its answer is not due yet
  bool over = false;        ///< it was closed while waiting
  bool wants_room = false;  ///< epoll watches for room to write
  Outgoing out;
};

namespace {

void check(int result, const char* doing) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), doing);
}

void watch(const Descriptor& epoll, int operation, int number, std::uint32_t events, void* what) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = what;
  check(::epoll_ctl(epoll.number(), operation, number, &event), "epoll_ctl");
}

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK;
}

}  // namespace

EventLoop::EventLoop(Descriptor listener, Service& service, std::chrono::microseconds latency)
    : listener_(std::move(listener)), service_(service), latency_(latency), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  check(epoll_.number(), "epoll_create1");
  watch(epoll_, EPOLL_CTL_ADD, listener_.number(), EPOLLIN, &listener_);
}

EventLoop::~EventLoop() = default;

void EventLoop::run(const Descriptor& signals) {
  watch(epoll_, EPOLL_CTL_ADD, signals.number(), EPOLLIN, nullptr);
  std::array<epoll_event, 64> events;
  for (;;) {
    std::optional<timespec> patience;
    if (!due_.empty()) {
      const auto left = std::max<Clock::duration>(due_.front().time - Clock::now(), Clock::duration::zero());
      patience = timespec{left / std::chrono::seconds(1), (left % std::chrono::seconds(1)).count()};
    }
    const int count =
        ::epoll_pwait2(epoll_.number(), events.data(), events.size(), patience ? &*patience : nullptr, nullptr);
    if (count < 0 && errno != EINTR) check(count, "epoll_pwait2");
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.ptr == nullptr) return;
      if (event.data.ptr == &listener_)
        accept_all();
      else
        on_event(*static_cast<Connection*>(event.data.ptr), (event.events & EPOLLOUT) != 0);
    }
    answer_those_due();
  }
}

void EventLoop::accept_all() {
  for (;;) {
    const int number = ::accept4(listener_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (number < 0) return;
    const int yes = 1;
    ::setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const auto place = static_cast<std::size_t>(number);
    if (connections_.size() <= place) connections_.resize(place + 1);
    connections_[place] = std::make_unique<Connection>(number);
    watch(epoll_, EPOLL_CTL_ADD, number, EPOLLIN, connections_[place].get());
  }
}

void EventLoop::on_event(Connection& connection, bool writable) {
  if (writable && connection.wants_room)
    send(connection);
  else
    read(connection);
}

void EventLoop::read(Connection& connection) {
  const auto room = connection.bytes.size() - connection.size;
  const auto count = ::recv(connection.socket.number(), connection.bytes.data() + connection.size, room, 0);
  if (count < 0 && would_block()) return;
  if (count <= 0) return close(connection);
  connection.size += static_cast<std::size_t>(count);
  if (!connection.waiting && connection.out.unsent().empty()) take_request(connection);
}

void EventLoop::take_request(Connection& connection) {
  connection.request = {};
  const auto reading = read_request({connection.bytes.data(), connection.size}, connection.request);
  const bool too_long = reading == Reading::incomplete && connection.size == connection.bytes.size();
  if (reading == Reading::broken || too_long) return close(connection);
  if (reading == Reading::incomplete) return;
  if (latency_.count() == 0) return answer(connection);
  connection.waiting = true;
  due_.push_back({Clock::now() + latency_, &connection});
}

void EventLoop::answer(Connection& connection) {
  service_.answer(connection.request, connection.out);
  const std::size_t rest = connection.size - connection.request.size;
  std::memmove(connection.bytes.data(), connection.bytes.data() + connection.request.size, rest);
  connection.size = rest;
  send(connection);
}

void EventLoop::send(Connection& connection) {
  const auto unsent = connection.out.unsent();
  const auto count = ::send(connection.socket.number(), unsent.data(), unsent.size(), MSG_NOSIGNAL);
  if (count < 0 && !would_block()) return close(connection);
  if (count > 0) connection.out.sent(static_cast<std::size_t>(count));
  const bool all = connection.out.unsent().empty();
  if (connection.wants_room == all) watch_for_room(connection, !all);
  if (all && connection.size > 0) take_request(connection);
}

void EventLoop::watch_for_room(Connection& connection, bool wanted) {
  connection.wants_room = wanted;
  watch(epoll_, EPOLL_CTL_MOD, connection.socket.number(), wanted ? EPOLLOUT : EPOLLIN, &connection);
}

void EventLoop::answer_those_due() {
  if (due_.empty()) return;
  const auto now = Clock::now();
  while (!due_.empty() && due_.front().time <= now) {
    Connection& connection = *due_.front().connection;
    due_.pop_front();
    connection.waiting = false;
    if (connection.over)
      close(connection);
    else
      answer(connection);
  }
}

/// While it waits for its answer it must not go: the queue still names it.
void EventLoop::close(Connection& connection) {
  const int number = connection.socket.number();
  if (!connection.over) watch(epoll_, EPOLL_CTL_DEL, number, 0, nullptr);
  connection.over = true;
  if (!connection.waiting) connections_[static_cast<std::size_t>(number)].reset();
}

}  // namespace null_fhir
