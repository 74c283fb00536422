#include "queue/redis_redirects.h"

#include <algorithm>
#include <utility>

namespace queue {
namespace {

using namespace std::chrono_literals;

std::chrono::milliseconds doubled(std::chrono::milliseconds first, int times, std::chrono::milliseconds longest) {
  return std::min(first * (1 << std::min(times, 10)), longest);
}

}  // namespace

RedisRedirects::RedisRedirects(std::vector<Command> commands)
    : commands_(std::move(commands)), replies_(commands_.size()) {
  for (std::size_t i = 0; i < commands_.size(); ++i) left_.push_back(i);
}

std::vector<Command> RedisRedirects::to_send() const {
  std::vector<Command> commands;
  commands.reserve(left_.size());
  for (const auto i : left_) commands.push_back(commands_[i]);
  return commands;
}

void RedisRedirects::received(std::vector<Reply> replies) {
  moved_to_.reset();
  ask_at_.reset();
  bool must_wait = false;
  std::vector<std::size_t> again;
  for (std::size_t i = 0; i < left_.size(); ++i) {
    const auto redirect = redirect_of(replies.at(i));
    if (redirect.kind != Redirect::Kind::none) {
      again.push_back(left_[i]);
      last_error_ = replies[i].text;
    }
    if (redirect.kind == Redirect::Kind::moved) moved_to_ = redirect.node;
    if (redirect.kind == Redirect::Kind::ask) ask_at_ = redirect.node;
    if (redirect.kind == Redirect::Kind::later) must_wait = true;
    if (redirect.kind == Redirect::Kind::ask && !may_follow_ask(commands_[left_[i]])) must_wait = true;
    replies_[left_[i]] = std::move(replies[i]);
  }
  left_ = again.empty() ? std::move(again) : with_those_about_their_server(std::move(again));
  if (moved_to_) ++moves_;
  if (must_wait && !moved_to_) ++waits_;
  if (must_wait || moved_to_) ask_at_.reset();
}

std::vector<std::size_t> RedisRedirects::with_those_about_their_server(std::vector<std::size_t> again) const {
  for (std::size_t i = 0; i < commands_.size(); ++i)
    if (is_about_its_server(commands_[i])) again.push_back(i);
  std::ranges::sort(again);
  return again;
}

std::chrono::milliseconds RedisRedirects::pause() const {
  if (moved_to_) return moves_ == 1 ? 0ms : doubled(25ms, moves_ - 2, 500ms);
  return ask_at_ ? 0ms : doubled(10ms, waits_ - 1, 300ms);
}

}  // namespace queue
