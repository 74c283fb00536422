#include "queue/redis_protocol.h"

#include <stdexcept>
#include <utility>

#include <hiredis/hiredis.h>

namespace queue {
namespace {

/// Where hiredis puts the object it has just read: into its parent's next place, or on its own. An array grows as its
/// items come, whatever length it was announced with. (It moves only what is whole: nobody points at that any more.)
Reply* place_for(const redisReadTask* task, Reply reply) {
  if (task->parent == nullptr) return std::make_unique<Reply>(std::move(reply)).release();
  auto* parent = static_cast<Reply*>(task->parent->obj);
  parent->items.push_back(std::move(reply));
  return &parent->items.back();
}

Reply::Kind kind_of(int hiredis_type) {
  switch (hiredis_type) {
    case REDIS_REPLY_ERROR:
      return Reply::Kind::error;
    case REDIS_REPLY_STATUS:
      return Reply::Kind::status;
    default:
      return Reply::Kind::string;
  }
}

void* create_string(const redisReadTask* task, char* text, std::size_t length) {
  return place_for(task, {.kind = kind_of(task->type), .text = std::string(text, length), .items = {}});
}

void* create_array(const redisReadTask* task, int /*elements*/) {
  return place_for(task, {.kind = Reply::Kind::array, .text = {}, .items = {}});
}

void* create_integer(const redisReadTask* task, long long value) {
  return place_for(task, {.kind = Reply::Kind::integer, .text = {}, .number = value, .items = {}});
}

void* create_nil(const redisReadTask* task) {
  return place_for(task, {});
}

/// hiredis frees whole replies only; what is inside one belongs to it.
void free_reply(void* reply) {
  const std::unique_ptr<Reply> owned(static_cast<Reply*>(reply));
}

redisReplyObjectFunctions build_replies{create_string, create_array, create_integer, create_nil, free_reply};

}  // namespace

void format_command(const Command& command, std::string& out) {
  out.append("*").append(std::to_string(command.size())).append("\r\n");
  for (const auto& argument : command)
    out.append("$").append(std::to_string(argument.size())).append("\r\n").append(argument).append("\r\n");
}

struct ReplyParser::Reader {
  struct Free {
    void operator()(redisReader* reader) const { redisReaderFree(reader); }
  };
  std::unique_ptr<redisReader, Free> hiredis{redisReaderCreateWithFunctions(&build_replies)};
};

ReplyParser::ReplyParser() : reader_(std::make_unique<Reader>()) {}
ReplyParser::~ReplyParser() = default;
ReplyParser::ReplyParser(ReplyParser&&) noexcept = default;
ReplyParser& ReplyParser::operator=(ReplyParser&&) noexcept = default;

void ReplyParser::feed(std::string_view bytes) {
  redisReaderFeed(reader_->hiredis.get(), bytes.data(), bytes.size());
}

std::optional<Reply> ReplyParser::next() {
  void* raw = nullptr;
  if (redisReaderGetReply(reader_->hiredis.get(), &raw) != REDIS_OK)
    throw std::runtime_error("not the protocol of Redis: " + std::string(redisReaderGetError(reader_->hiredis.get())));
  if (raw == nullptr) return std::nullopt;
  const std::unique_ptr<Reply> reply(static_cast<Reply*>(raw));
  return std::move(*reply);
}

}  // namespace queue
