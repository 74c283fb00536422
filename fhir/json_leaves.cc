#include "fhir/json_leaves.h"

#include <cstddef>
#include <utility>
#include <vector>

#include <rapidjson/reader.h>

#include "fhir/json_reading.h"
#include "fhir/page_parser.h"

namespace fhir {

namespace {

constexpr std::size_t largest_text = std::size_t{1024} * 1024;
/// Every leaf carries its path: a huge name around many leaves must not multiply.
constexpr std::size_t longest_path = 256;

/// RapidJSON's handler that knows the path of the value that comes next.
class LeafHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, LeafHandler> {
 public:
  JsonLeaves& leaves() { return leaves_; }

  bool Null() { return next(); }
  bool Bool(bool value) { return keep(value ? "true" : "false"); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool /*copy*/) { return keep({text, size}); }
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) { return keep({text, size}); }
  bool Key(const char* name, rapidjson::SizeType size, bool /*copy*/) {
    name_.assign(name, size);
    return true;
  }
  bool StartObject() { return open(false); }
  bool EndObject(rapidjson::SizeType /*members*/) { return close(); }
  bool StartArray() { return open(true); }
  bool EndArray(rapidjson::SizeType /*elements*/) { return close(); }

 private:
  struct Level {
    std::size_t path_size;
    bool is_array;
    std::size_t index = 0;
  };

  bool open(bool is_array) {
    if (levels_.size() == max_json_depth) return false;
    levels_.push_back({path_.size(), is_array});
    if (levels_.size() > 1) path_ = path_of_next(levels_[levels_.size() - 2]) + ".";
    return path_.size() <= longest_path;
  }
  bool close() {
    path_.resize(levels_.back().path_size);
    levels_.pop_back();
    return next();
  }
  bool keep(std::string_view text) {
    if (!levels_.empty()) leaves_.insert_or_assign(path_of_next(levels_.back()), text);
    return next();
  }
  bool next() {
    if (!levels_.empty()) ++levels_.back().index;
    return true;
  }
  std::string path_of_next(const Level& level) const {
    return path_ + (level.is_array ? std::to_string(level.index) : name_);
  }

  JsonLeaves leaves_;
  std::vector<Level> levels_;
  std::string path_, name_;
};

}  // namespace

std::optional<JsonLeaves> json_leaves(std::string_view json) {
  if (json.size() > largest_text) return std::nullopt;
  std::string text(json);
  LeafHandler handler;
  if (read_json(text, handler)) return std::nullopt;
  return std::move(handler.leaves());
}

std::string_view leaf(const JsonLeaves& leaves, std::string_view path) {
  const auto found = leaves.find(path);
  return found == leaves.end() ? std::string_view{} : std::string_view{found->second};
}

}  // namespace fhir
