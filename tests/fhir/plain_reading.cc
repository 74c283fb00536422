#include "tests/fhir/plain_reading.h"

#include <cstddef>
#include <utility>

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include "fhir/lone_surrogates.h"
#include "fhir/page_handler.h"

namespace oracle {

namespace {

constexpr unsigned flags =
    rapidjson::kParseInsituFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;
/// A character that is cut short is taken with all the bytes it should have.
constexpr std::size_t longest_character = 4;

fhir::ParseError fault(const std::string& why, std::size_t offset) {
  return {"at byte " + std::to_string(offset) + ": " + why};
}

/// Counts levels.
class Depth : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Depth> {
 public:
  bool RawNumber(const char* /*text*/, rapidjson::SizeType /*size*/, bool /*copy*/) { return true; }
  bool StartObject() { return depth_++ < fhir::max_json_depth; }
  bool EndObject(rapidjson::SizeType /*members*/) { return depth_-- > 0; }
  bool StartArray() { return StartObject(); }
  bool EndArray(rapidjson::SizeType elements) { return EndObject(elements); }

 private:
  std::size_t depth_ = 0;
};

}  // namespace

boost::system::result<fhir::Page, fhir::ParseError> read_page_plainly(std::string json, const fhir::Reference& target) {
  fhir::replace_lone_surrogates(json);
  const std::size_t size = json.size();
  json.append(longest_character, '\0');
  rapidjson::InsituStringStream stream(json.data());
  fhir::PageHandler handler(fhir::Slot::bundle, target);
  rapidjson::Reader reader;
  const rapidjson::ParseResult parsed = reader.Parse<flags>(stream, handler);
  if (parsed.Code() == rapidjson::kParseErrorTermination) return fault(handler.reason(), parsed.Offset());
  if (parsed.IsError()) return fault(rapidjson::GetParseError_En(parsed.Code()), parsed.Offset());
  if (stream.Tell() != size) return fault("More follows after the end.", stream.Tell());
  if (handler.bundle_type() != "Bundle") return fhir::ParseError{"not a Bundle"};
  return std::move(handler.page());
}

bool is_plainly_json(std::string json) {
  fhir::replace_lone_surrogates(json);
  const std::size_t size = json.size();
  json.append(longest_character, '\0');
  rapidjson::InsituStringStream stream(json.data());
  Depth depth;
  return !rapidjson::Reader().Parse<flags>(stream, depth).IsError() && stream.Tell() == size;
}

}  // namespace oracle
