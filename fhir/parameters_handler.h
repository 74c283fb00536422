#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include <rapidjson/reader.h>

#include "fhir/account_capture.h"
#include "fhir/parameters.h"

namespace fhir {

/// RapidJSON's handler of the in-parameters of `$set-accounts`. Parameters of other names are let pass, as by Medplum.
/// A member named twice counts as named last.
class ParametersHandler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, ParametersHandler> {
 public:
  bool is_parameters() const { return is_parameters_; }
  SetAccountsParameters& parameters() { return parameters_; }
  /// Why parsing was ended from here, if it was.
  const std::string& reason() const { return reason_; }

  bool Null();
  bool Bool(bool value);
  bool RawNumber(const char* text, rapidjson::SizeType size, bool copy);
  bool String(const char* text, rapidjson::SizeType size, bool copy);
  bool Key(const char* name, rapidjson::SizeType size, bool copy);
  bool StartObject();
  bool EndObject(rapidjson::SizeType members);
  bool StartArray();
  bool EndArray(rapidjson::SizeType elements);

 private:
  /// What a value is to us, told by where it stands.
  enum class Slot : std::uint8_t { ignored, root, resource_type, list, parameter, name, reference, boolean };
  struct Level {
    Slot object, slot;
  };
  struct Parameter {
    std::string name;
    std::optional<Account> reference;
    std::optional<bool> boolean;
  };

  static Slot member_slot(Slot object, std::string_view name);
  bool open();
  void close();
  void forget(Slot named_again);
  bool other_value();
  bool judge();
  bool take_account();
  bool take_propagate();
  bool fail(const std::string& what);

  Slot object_ = Slot::ignored;  ///< the object whose members come now
  Slot slot_ = Slot::root;       ///< the value that comes next
  std::array<Level, max_json_depth> levels_{};
  std::size_t depth_ = 0;

  AccountCapture capture_;
  Parameter parameter_;
  std::size_t index_ = 0;
  std::unordered_set<std::string> references_;  ///< of the accounts
  bool propagate_given_ = false;
  bool is_parameters_ = false;
  SetAccountsParameters parameters_;
  std::string reason_;
};

}  // namespace fhir
