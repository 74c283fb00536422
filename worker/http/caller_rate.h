#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

namespace worker::http {

/// How many requests a minute each caller may send. A caller is whoever shows the same Authorization, or, without one,
/// whoever comes from the same address. Each has a bucket that fills by the minute's rate and holds ten seconds of it.
/// Somebody not seen before also draws from the address's bucket: a new token for each request gains nothing.
class CallerRate {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// Remembers so many callers, those seen last.
  CallerRate(std::size_t per_minute, std::size_t callers);
  /// From now on; nobody is given more for it at once.
  void change(std::size_t per_minute);

  /// Nothing: the request may go on. Else how long the caller has to wait.
  std::optional<std::chrono::seconds> refuse(const std::string& authorization, const std::string& peer, Time now);

 private:
  struct Bucket {
    std::string caller;
    double left;
    Time filled;
  };
  using Buckets = std::list<Bucket>;

  Buckets::iterator find(const std::string& caller);
  /// A full bucket, which nobody is poorer for if it is forgotten.
  Buckets::iterator add(const std::string& caller, Time now);
  std::optional<std::chrono::seconds> draw(Bucket& bucket, Time now) const;

  double per_second_ = 0;
  double capacity_ = 0;
  std::size_t callers_;
  Buckets buckets_;  ///< the one used last in front
  std::unordered_map<std::string, Buckets::iterator> places_;
};

}  // namespace worker::http
