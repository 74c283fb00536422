#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace queue {

/// A Redis command and its arguments, binary safe.
using Command = std::vector<std::string>;

/// Appends the command's bytes (RESP) to `out`.
void format_command(const Command& command, std::string& out);

/// What Redis answered.
struct Reply {
  enum class Kind { nil, status, error, integer, string, array };
  Kind kind = Kind::nil;
  std::string text;          ///< of status, error and string
  std::int64_t number = 0;   ///< of integer
  std::vector<Reply> items;  ///< of array

  bool is_error() const { return kind == Kind::error; }
  bool is_nil() const { return kind == Kind::nil; }
};

/// Bytes → replies, as they come in pieces.
class ReplyParser {
 public:
  ReplyParser();
  ~ReplyParser();
  ReplyParser(ReplyParser&&) noexcept;
  ReplyParser& operator=(ReplyParser&&) noexcept;

  void feed(std::string_view bytes);
  /// The next whole reply, or nothing yet. Throws std::runtime_error when the bytes are no RESP: drop the connection.
  std::optional<Reply> next();

 private:
  struct Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace queue
