#include "queue/redis_link.h"

#include <algorithm>
#include <utility>

#include "queue/job_queue.h"

namespace queue {
namespace {

using namespace std::chrono_literals;

/// Once a connection may break and nothing is said. One that is accepted and closed again and again is of no use.
constexpr int many_failures = 2;

constexpr const char* closed = "the connection to Redis was closed by this program";

}  // namespace

RedisLink::RedisLink(Executor executor, const config::Redis& settings, std::shared_ptr<RedisWhereabouts> whereabouts,
                     bool may_block, RedisHealth& health, Tally& tally, OnSilence on_silence)
    : executor_(std::move(executor)),
      settings_(settings),
      whereabouts_(std::move(whereabouts)),
      may_block_(may_block),
      health_(health),
      tally_(tally),
      on_silence_(std::move(on_silence)) {}

RedisLink::~RedisLink() {
  close();
}

std::shared_ptr<RedisSession> RedisLink::session() {
  if (closed_) throw QueueUnavailable(closed);
  if (session_ && !session_->broken()) {
    if (session_->directions() == whereabouts_->directions()) return session_;
    session_->retire();
    failures_ = 0;
    begin();
    session_->start(0ms);
    return session_;
  }
  if (session_) failures_ = session_->was_useful() ? 0 : failures_ + 1;
  if (failures_ >= many_failures) health_.bad(session_->why_broken());
  begin();
  session_->start(pause());
  return session_;
}

void RedisLink::drop(const std::string& why) {
  if (session_ && session_->is_open()) session_->abandon(why);
}

void RedisLink::close() {
  closed_ = true;
  if (session_) session_->abandon(closed);
}

void RedisLink::fell_silent(const std::string& why) {
  whereabouts_->failed(session_->address());
  on_silence_(why);
}

void RedisLink::begin() {
  session_ = std::make_shared<RedisSession>(executor_, settings_, whereabouts_, may_block_, this);
}

/// None at first, then full jitter under a limit that doubles: many workers do not come back at the same instant. The
/// limit is lower where another server may take over: its time is what the queue stands still.
std::chrono::milliseconds RedisLink::pause() {
  if (opened_ == 0 && failures_ == 0) return 0ms;
  const std::chrono::milliseconds longest = whereabouts_->may_change() ? 500ms : 2s;
  const auto most = std::min<std::chrono::milliseconds>(25ms * (1 << std::min(failures_, 10)), longest);
  return std::chrono::milliseconds(std::uniform_int_distribution<std::int64_t>(0, most.count())(random_));
}

}  // namespace queue
