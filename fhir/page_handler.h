#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <rapidjson/reader.h>

#include "fhir/account_capture.h"
#include "fhir/page_parser.h"
#include "fhir/page_slots.h"
#include "fhir/patient_references.h"
#include "fhir/text_in_situ.h"

namespace fhir {

/// RapidJSON's handler of a Bundle, or of one resource: keeps what an Entry holds and skips all else. A member named
/// twice counts as named last, as for JSON.parse. Its views are into the text that is parsed in situ.
class PageHandler final : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, PageHandler> {
 public:
  /// `root` is Slot::bundle or Slot::resource.
  PageHandler(Slot root, const Reference& target) : slot_(root), target_(target.str()) {
    if (root == Slot::resource) page_.entries.emplace_back();
  }

  /// Plays `json` to itself. What is wrong with it, if anything.
  std::optional<ParseError> read(std::string& json);
  /// Where the reader stands that plays to this handler.
  void read_from(TextInSitu& stream) { stream_ = &stream; }

  std::string_view bundle_type() const { return bundle_type_; }
  Page& page() { return page_; }
  /// The resource, where the root is one.
  Entry& resource() { return entry(); }
  /// Why parsing was ended from here, if it was.
  const std::string& reason() const { return reason_; }

  bool Null() { return !capture_.active() || capture_.null(); }
  bool Bool(bool value) { return !capture_.active() || capture_.boolean(value); }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    return !capture_.active() || capture_.number({text, size});
  }
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    if (slot_ == Slot::ignored && !capture_.active()) return true;
    return string({text, size});
  }
  bool Key(const char* name, rapidjson::SizeType size, bool /*copy*/) {
    if (object_ == Slot::ignored && !capture_.active()) return true;
    return key({name, size});
  }
  bool StartObject();
  bool EndObject(rapidjson::SizeType members);
  bool StartArray();
  bool EndArray(rapidjson::SizeType elements);

 private:
  struct Level {
    Slot object;  ///< what surrounds it
    Slot slot;    ///< what it is itself
  };

  Entry& entry() { return page_.entries.back(); }
  bool key(std::string_view name);
  bool string(std::string_view text);
  void forget(Slot named_again);
  void forget_resource();
  void begin_object();
  void end_object();
  void judge_references();
  bool take_bare_reference();
  void take_account(Account account);
  void take_compartment(std::string_view reference);
  bool open();
  void close();
  void skip_to(const char* closing);
  bool fail(std::string reason);

  Slot object_ = Slot::ignored;  ///< the object whose members come now
  Slot slot_;                    ///< the value that comes next
  std::array<Level, max_json_depth> levels_{};
  std::size_t depth_ = 0;
  TextInSitu* stream_ = nullptr;  ///< null where nothing is skipped

  AccountCapture capture_;
  std::string target_;
  PatientReferences patient_references_;
  std::string_view bundle_type_, link_relation_, link_url_, compartment_reference_;
  Page page_;  ///< its last entry is the one that is being read
  std::string reason_;
};

}  // namespace fhir
