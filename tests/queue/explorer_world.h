#pragma once

#include <memory>
#include <string>
#include <vector>

#include "queue/moves.h"
#include "tests/queue/explorer_state.h"

namespace test {

/// The real moves in a real Redis, some workers that call them, and the model beside them.
class World {
 public:
  World(boost::asio::io_context& io, queue::RedisClient& client, std::vector<Wish> wishes, std::size_t workers);

  const State& state() const { return state_; }
  void go_back_to(const State& state);
  /// A failover brings a Redis that never heard of what happened since; workers and listeners did.
  void fail_over_to(const State& earlier);

  /// All that may happen now.
  std::vector<Action> possible() const { return test::possible(state_, wishes_); }
  /// Lets it happen. Empty, or where the answer, the keys or the step are not as they must be.
  std::string perform(const Action& action);
  /// One more job that producers may ask for.
  void wish(Wish wish) { wishes_.push_back(std::move(wish)); }

 private:
  std::string act(const Action& action);
  void add(const std::string& id);
  void command(const std::string& name, const std::string& value);
  std::string claim(std::size_t index);
  std::string call(std::size_t index, Call call);
  Call call_of(const Action& action) const;
  void redis(queue::Command command);
  const Wish& wish_of(const std::string& id) const;

  template <class T>
  T await(queue::Awaitable<T> work);

  boost::asio::io_context& io_;
  queue::RedisClient& client_;
  std::vector<std::unique_ptr<queue::Moves>> moves_;  ///< one a worker
  std::vector<Wish> wishes_;
  State state_;
};

}  // namespace test
