#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "fhir/accounts.h"

namespace fhir {

/// Copies one Reference out of a stream of SAX events in valid UTF-8: every member of it, nested extensions too,
/// numbers as they were written. The answers are what RapidJSON wants of a handler.
class AccountCapture {
 public:
  bool active() const { return depth_ > 0; }

  bool start_object() {
    if (depth_++ == 0) begin();
    return writer_.StartObject();
  }
  bool end_object() {
    --depth_;
    return writer_.EndObject();
  }
  bool start_array() {
    ++depth_;
    return writer_.StartArray();
  }
  bool end_array() {
    --depth_;
    return writer_.EndArray();
  }
  bool key(std::string_view name) {
    is_reference_ = depth_ == 1 && name == "reference";
    if (is_reference_) reference_.clear();
    return writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  }
  bool string(std::string_view text) {
    if (is_reference_ && depth_ == 1) reference_ = text;
    return writer_.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  }
  bool boolean(bool value) { return writer_.Bool(value); }
  bool null() { return writer_.Null(); }
  bool number(std::string_view text) { return writer_.RawValue(text.data(), text.size(), rapidjson::kNumberType); }

  /// What was captured, once it is no longer active.
  Account take() { return {std::move(reference_), {json_.GetString(), json_.GetSize()}}; }

 private:
  void begin() {
    reference_.clear();
    json_.Clear();
    writer_.Reset(json_);
  }

  rapidjson::StringBuffer json_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{json_};
  std::string reference_;
  unsigned depth_ = 0;
  bool is_reference_ = false;
};

}  // namespace fhir
