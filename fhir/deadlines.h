#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include "fhir/alarm.h"
#include "fhir/awaitable.h"
#include "fhir/stop.h"

namespace fhir {

using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, Executor>;

/// The deadlines of all that a pool's sockets are at, under one alarm: a timer of its own for each request would cost
/// more than the request's bytes.
class Deadlines {
 public:
  explicit Deadlines(const Executor& executor);
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;

  /// From the deadline on, if it lives so long, whatever the socket is at is cancelled.
  class Watch : public boost::intrusive::list_base_hook<> {
   public:
    Watch(Deadlines& deadlines, Socket& socket, Clock::time_point deadline);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;

    bool expired() const { return expired_; }

   private:
    friend class Deadlines;
    Deadlines& deadlines_;
    Socket& socket_;
    Clock::time_point deadline_;
    bool expired_ = false;
  };

 private:
  Clock::time_point expire_those_due(Clock::time_point now);

  boost::intrusive::list<Watch> watches_;  ///< the first due first
  Alarm alarm_;
};

}  // namespace fhir
