#include "queue/redis_client.h"

#include <algorithm>
#include <random>
#include <utility>

#include "queue/redis_session.h"
#include "queue/redis_url.h"

namespace queue {
namespace {

using namespace std::chrono_literals;

/// Once a connection may break and nothing is said. One that is accepted and closed again and again is of no use.
constexpr int many_failures = 2;

/// Tells each change once.
class Health {
 public:
  explicit Health(RedisClient::OnTrouble on_trouble) : on_trouble_(std::move(on_trouble)) {}

  void bad(const std::string& why) { change(true, why); }
  void good() { change(false, {}); }

 private:
  void change(bool troubled, const std::string& why) {
    if (std::exchange(troubled_, troubled) != troubled && on_trouble_) on_trouble_(why);
  }

  RedisClient::OnTrouble on_trouble_;
  bool troubled_ = false;
};

/// Always has a session for the next command: the present one, or a new one when that broke.
class Link : public RedisSession::Watcher {
 public:
  Link(Executor executor, const config::Redis& settings, Health& health)
      : executor_(std::move(executor)), settings_(settings), health_(health) {}
  ~Link() override {
    if (session_) session_->abandon();
  }
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  std::shared_ptr<RedisSession> session() {
    if (session_ && !session_->broken()) return session_;
    if (session_) failures_ = session_->was_useful() ? 0 : failures_ + 1;
    if (failures_ >= many_failures) health_.bad(session_->why_broken());
    session_ = std::make_shared<RedisSession>(executor_, settings_, this);
    session_->start(pause());
    return session_;
  }

  std::uint64_t opened_so_far() const { return opened_; }

 private:
  void opened() override { ++opened_; }
  void answered() override { health_.good(); }
  void unusable(const std::string& why) override { health_.bad(why); }

  /// None at first, then full jitter under a limit that doubles: many workers do not come back at the same instant.
  std::chrono::milliseconds pause() {
    if (opened_ == 0 && failures_ == 0) return 0ms;
    const auto most = std::min<std::chrono::milliseconds>(25ms * (1 << std::min(failures_, 10)), 2s);
    return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(0, most.count())(random_));
  }

  Executor executor_;
  const config::Redis& settings_;
  Health& health_;
  std::shared_ptr<RedisSession> session_;
  int failures_ = 0;
  std::uint64_t opened_ = 0;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace

struct RedisClient::Parts {
  Parts(Executor executor, config::Redis redis, OnTrouble on_trouble)
      : settings(std::move(redis)),
        health(std::move(on_trouble)),
        commands(executor, settings, health),
        blocking(executor, settings, health),
        waiting(executor, settings, health) {}

  config::Redis settings;
  Health health;
  Link commands;
  Link blocking;
  Link waiting;
};

RedisClient::RedisClient(Executor executor, const config::Redis& settings, OnTrouble on_trouble)
    : parts_(std::make_unique<Parts>(executor, settings, std::move(on_trouble))) {
  parse_redis_url(settings.url);
}

RedisClient::~RedisClient() = default;

Awaitable<Reply> RedisClient::execute(Command command, std::chrono::milliseconds limit) {
  std::vector<Command> commands;
  commands.push_back(std::move(command));
  auto replies = co_await RedisSession::exchange(parts_->commands.session(), std::move(commands), limit);
  co_return std::move(replies.front());
}

Awaitable<std::vector<Reply>> RedisClient::pipeline(std::vector<Command> commands, std::chrono::milliseconds limit) {
  if (commands.empty()) co_return std::vector<Reply>{};
  auto replies = co_await RedisSession::exchange(parts_->commands.session(), std::move(commands), limit);
  co_return replies;
}

Awaitable<Reply> RedisClient::execute_blocking(Command command, std::chrono::milliseconds limit) {
  std::vector<Command> commands;
  commands.push_back(std::move(command));
  auto replies = co_await RedisSession::exchange(parts_->blocking.session(), std::move(commands), limit);
  co_return std::move(replies.front());
}

Awaitable<std::vector<Reply>> RedisClient::pipeline_blocking(std::vector<Command> commands,
                                                             std::chrono::milliseconds limit) {
  auto replies = co_await RedisSession::exchange(parts_->waiting.session(), std::move(commands), limit);
  co_return replies;
}

std::uint64_t RedisClient::connections_made() const {
  return parts_->commands.opened_so_far();
}

}  // namespace queue
