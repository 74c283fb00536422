#include "tests/bench/whole_job/bare/members.h"

#include <stdexcept>
#include <string_view>

#ifdef __SSE2__
#define RAPIDJSON_SSE2
#endif
#include <rapidjson/reader.h>

namespace whole_job {
namespace {

/// Knows where it is by the depth and the names above: root 1, its lists 2, their elements 3, resource 4, meta 5.
class Handler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
 public:
  /// `above`: at which depth the resource's members are, less one.
  Handler(std::size_t above, std::string_view skipped, std::vector<Member>& members)
      : above_(above), skipped_(skipped), members_(members) {}
  const std::string& next() const { return next_; }

  bool Default() { return true; }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return true; }
  bool StartObject() { return open(); }
  bool StartArray() { return open(); }
  bool EndArray(rapidjson::SizeType) {
    --depth_;
    return true;
  }
  bool EndObject(rapidjson::SizeType) {
    if (depth_ == above_ + 1 && !version_.empty()) take();
    if (depth_ == 3 && relation_ == "next") next_ = url_;
    --depth_;
    return true;
  }
  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (depth_ <= above_ + 2) key_ = {text, size};
    if (depth_ == above_ + 1) in_meta_ = key_ == "meta";
    return true;
  }
  bool String(const char* text, rapidjson::SizeType size, bool) {
    if (depth_ == above_ + 2) {
      if (in_meta_ && key_ == "versionId") version_ = {text, size};
    } else if (depth_ == above_ + 1) {
      if (key_ == "resourceType") type_ = {text, size};
      if (key_ == "id") id_ = {text, size};
    } else if (depth_ == 3) {
      if (key_ == "relation") relation_ = {text, size};
      if (key_ == "url") url_ = {text, size};
    }
    return true;
  }

 private:
  bool open() {
    ++depth_;
    return true;
  }
  void take() {
    if (id_ != skipped_) {
      Member& member = members_.emplace_back();
      member.path.append(type_).append("/").append(id_);
      member.version = version_;
    }
    version_ = {};
  }

  std::size_t above_;
  std::string_view skipped_;
  std::vector<Member>& members_;
  std::size_t depth_ = 0;
  bool in_meta_ = false;
  std::string_view key_, type_, id_, version_, relation_, url_;
  std::string next_;
};

void parse(std::string& json, Handler& handler) {
  rapidjson::InsituStringStream stream(json.data());
  rapidjson::Reader reader;
  if (!reader.Parse < rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag > (stream, handler))
    throw std::runtime_error("a page is no JSON");
}

}  // namespace

std::string read_members(std::string& page, const std::string& patient, std::vector<Member>& members) {
  Handler handler(3, patient, members);
  parse(page, handler);
  return handler.next();
}

Member read_member(std::string& resource) {
  std::vector<Member> members;
  Handler handler(0, {}, members);
  parse(resource, handler);
  return members.at(0);
}

}  // namespace whole_job
