// The limit: the whole job with no more than it needs. One thread, one epoll, RapidJSON's SAX reader, no timeouts, no
// retries, no record of anything. What the worker does more is what it costs more.

#include <array>
#include <deque>
#include <exception>
#include <iostream>
#include <sys/epoll.h>
#include <vector>

#include "tests/bench/whole_job/bare/assignment.h"
#include "tests/bench/whole_job/bare/connection.h"
#include "tests/bench/whole_job/bare/members.h"

namespace whole_job {
namespace {

class BareClient {
 public:
  explicit BareClient(Assignment assignment)
      : assignment_(std::move(assignment)),
        head_(" HTTP/1.1\r\nHost: " + assignment_.authority +
              "\r\nUser-Agent: bare-client/0.1.0\r\nAuthorization: Bearer " + assignment_.token +
              "\r\nAccept: application/fhir+json\r\nX-Medplum: extended\r\n"),
        pages_(assignment_.port),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    watch(pages_);
    for (std::size_t i = 0; i < assignment_.connections; ++i) watch(connections_.emplace_back(assignment_.port));
    for (Connection& connection : connections_) idle_.push_back(&connection);
  }

  /// How many resources were written.
  std::size_t run() {
    write_target();
    next_page_ = "Patient/" + assignment_.patient + "/$everything?_count=1000";
    ask_for_page();
    while (reading_ || idle_.size() < connections_.size() || next_member_ < members_.size()) serve_events();
    return written_;
  }

 private:
  void watch(Connection& connection) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &connection;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.number(), &event);
  }

  void write_target() {
    get("Patient/" + assignment_.patient);
    while (!pages_.receive(&page_)) await();
    patch(pages_, read_member(page_));
    while (!pages_.receive(nullptr)) await();
    ++written_;
  }

  void serve_events() {
    const int count = await();
    for (int i = 0; i < count; ++i) {
      auto& connection = *static_cast<Connection*>(events_[static_cast<std::size_t>(i)].data.ptr);
      if (&connection == &pages_) {
        if (connection.receive(&page_)) take_page();
      } else if (connection.receive(nullptr)) {
        ++written_;
        patch_next(connection);
      }
    }
  }

  int await() { return ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), -1); }

  void take_page() {
    reading_ = false;
    members_.erase(members_.begin(), members_.begin() + static_cast<std::ptrdiff_t>(next_member_));
    next_member_ = 0;
    const std::string url = read_members(page_, assignment_.patient, members_);
    next_page_ = url.empty() ? "" : url.substr(assignment_.base.size() + 1);
    while (!idle_.empty() && next_member_ < members_.size()) {
      Connection& connection = *idle_.back();
      idle_.pop_back();
      patch_next(connection);
    }
    ask_for_page();
  }

  /// One page ahead: while there is no more than one to be written.
  void ask_for_page() {
    const std::size_t left = members_.size() - next_member_;
    if (reading_ || next_page_.empty() || left > 1000) return;
    reading_ = true;
    get(next_page_);
  }

  void patch_next(Connection& connection) {
    if (next_member_ == members_.size()) {
      idle_.push_back(&connection);
      return;
    }
    patch(connection, members_[next_member_++]);
    ask_for_page();
  }

  void get(const std::string& path) {
    request_.assign("GET ").append(assignment_.path).append("/").append(path).append(head_).append("\r\n");
    pages_.send(request_);
  }

  void patch(Connection& connection, const Member& member) {
    body_ = patch_body(member.version, assignment_.account);
    request_.assign("PATCH ").append(assignment_.path).append("/").append(member.path).append(head_);
    request_.append("Content-Type: application/json-patch+json\r\nIf-Match: W/\"").append(member.version);
    request_.append("\"\r\nContent-Length: ").append(std::to_string(body_.size())).append("\r\n\r\n").append(body_);
    connection.send(request_);
  }

  Assignment assignment_;
  std::string head_;  ///< of every request, behind its path
  Connection pages_;
  std::deque<Connection> connections_;
  std::vector<Connection*> idle_;
  int epoll_;
  std::array<epoll_event, 64> events_{};

  std::string page_, request_, body_;
  std::string next_page_;
  bool reading_ = false;
  std::vector<Member> members_;
  std::size_t next_member_ = 0;
  std::size_t written_ = 0;
};

}  // namespace
}  // namespace whole_job

int main(int argc, char** argv) {
  try {
    const auto assignment = whole_job::assignment_of(argc, argv);
    const whole_job::Stopwatch stopwatch;
    whole_job::BareClient client(assignment);
    stopwatch.print(client.run());
  } catch (const std::exception& failure) {
    std::cerr << "bare-client: " << failure.what() << '\n';
    return 1;
  }
  return 0;
}
