#include "tests/chaos/append_only_file.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

#include "queue/replies.h"

namespace chaos {
namespace {

/// The increments, oldest first. The base of a server that never rewrote its file is empty.
std::vector<std::filesystem::path> increments_in(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "appendonlydir"))
    if (entry.path().string().ends_with(".incr.aof")) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

class Transactions {
 public:
  using CarriedOut = std::function<void(const std::vector<queue::Command>&)>;
  explicit Transactions(const CarriedOut& carried_out) : carried_out_(carried_out) {}

  void take(queue::Command command) {
    if (command.at(0) == "MULTI") {
      open_ = true;
    } else if (command.at(0) == "EXEC") {
      open_ = false;
      end();
    } else {
      commands_.push_back(std::move(command));
      if (!open_) end();
    }
  }

 private:
  void end() {
    carried_out_(commands_);
    commands_.clear();
  }

  const CarriedOut& carried_out_;
  bool open_ = false;
  std::vector<queue::Command> commands_;
};

}  // namespace

void read_append_only_file(const std::filesystem::path& folder,
                           const std::function<void(const std::vector<queue::Command>&)>& carried_out) {
  Transactions transactions(carried_out);
  for (const std::filesystem::path& path : increments_in(folder)) {
    std::ifstream file(path, std::ios::binary);
    queue::ReplyParser parser;
    std::array<char, 65536> buffer{};
    while (file.read(buffer.data(), buffer.size()) || file.gcount() > 0) {
      parser.feed(std::string_view(buffer.data(), static_cast<std::size_t>(file.gcount())));
      while (const auto command = parser.next()) transactions.take(queue::texts_of(*command));
    }
  }
}

}  // namespace chaos
