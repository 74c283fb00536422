#include "fhir/parameters_handler.h"

#include <utility>

#include "fhir/reference.h"

namespace fhir {

bool ParametersHandler::Null() {
  return capture_.active() ? capture_.null() : other_value();
}

bool ParametersHandler::Bool(bool value) {
  if (capture_.active()) return capture_.boolean(value);
  if (slot_ == Slot::boolean) parameter_.boolean = value;
  return other_value();
}

bool ParametersHandler::RawNumber(const char* text, rapidjson::SizeType size, bool /*copy*/) {
  return capture_.active() ? capture_.number({text, size}) : other_value();
}

bool ParametersHandler::String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
  const std::string_view value(text, size);
  if (capture_.active()) return capture_.string(value);
  if (slot_ == Slot::resource_type) is_parameters_ = value == "Parameters";
  if (slot_ == Slot::name) parameter_.name = value;
  return other_value();
}

bool ParametersHandler::Key(const char* name, rapidjson::SizeType size, bool /*copy*/) {
  if (capture_.active()) return capture_.key({name, size});
  slot_ = member_slot(object_, {name, size});
  forget(slot_);
  return true;
}

bool ParametersHandler::StartObject() {
  if (slot_ == Slot::list) return other_value();
  if (!open()) return false;
  if (capture_.active() || slot_ == Slot::reference) return capture_.start_object();
  object_ = slot_ == Slot::root || slot_ == Slot::parameter ? slot_ : Slot::ignored;
  slot_ = Slot::ignored;
  if (object_ == Slot::parameter) parameter_ = {};
  return true;
}

bool ParametersHandler::EndObject(rapidjson::SizeType /*members*/) {
  const bool capturing = capture_.active();
  if (capturing && !capture_.end_object()) return false;
  if (!capturing && object_ == Slot::parameter && !judge()) return false;
  close();
  if (capturing && !capture_.active()) parameter_.reference = capture_.take();
  return true;
}

bool ParametersHandler::StartArray() {
  if (slot_ == Slot::parameter) return other_value();
  if (!open()) return false;
  if (capture_.active()) return capture_.start_array();
  object_ = Slot::ignored;
  slot_ = slot_ == Slot::list ? Slot::parameter : Slot::ignored;
  return true;
}

bool ParametersHandler::EndArray(rapidjson::SizeType /*elements*/) {
  if (capture_.active() && !capture_.end_array()) return false;
  close();
  return true;
}

ParametersHandler::Slot ParametersHandler::member_slot(Slot object, std::string_view name) {
  if (object == Slot::root && name == "resourceType") return Slot::resource_type;
  if (object == Slot::root && name == "parameter") return Slot::list;
  if (object != Slot::parameter) return Slot::ignored;
  if (name == "name") return Slot::name;
  if (name == "valueReference") return Slot::reference;
  if (name == "valueBoolean") return Slot::boolean;
  return Slot::ignored;
}

bool ParametersHandler::open() {
  if (depth_ == levels_.size()) {
    reason_ = "parameters: nested deeper than " + std::to_string(levels_.size()) + " levels";
    return false;
  }
  levels_[depth_++] = {object_, slot_};
  return true;
}

void ParametersHandler::close() {
  object_ = levels_[--depth_].object;
  slot_ = levels_[depth_].slot;
}

void ParametersHandler::forget(Slot named_again) {
  switch (named_again) {
    case Slot::resource_type:
      is_parameters_ = false;
      break;
    case Slot::list:
      parameters_ = {};
      references_.clear();
      propagate_given_ = false;
      index_ = 0;
      break;
    case Slot::name:
      parameter_.name.clear();
      break;
    case Slot::reference:
      parameter_.reference.reset();
      break;
    case Slot::boolean:
      parameter_.boolean.reset();
      break;
    default:
      break;
  }
}

/// A value that is not what FHIR has in its place: where the list and its elements stand that is an error at once,
/// elsewhere judge() misses what should be there.
bool ParametersHandler::other_value() {
  if (slot_ == Slot::list) {
    reason_ = "parameters: `parameter` is not an array";
    return false;
  }
  return slot_ != Slot::parameter || fail("is not an object");
}

bool ParametersHandler::judge() {
  if (parameter_.name.empty()) return fail("has no name");
  if (parameter_.name == "accounts" && !take_account()) return false;
  if (parameter_.name == "propagate" && !take_propagate()) return false;
  ++index_;
  return true;
}

bool ParametersHandler::take_account() {
  if (!parameter_.reference) return fail("(accounts) has no valueReference");
  if (!parse_reference(parameter_.reference->reference))
    return fail("(accounts) has a valueReference whose reference is not Type/id");
  if (references_.insert(parameter_.reference->reference).second)
    parameters_.accounts.push_back(*std::move(parameter_.reference));
  return true;
}

bool ParametersHandler::take_propagate() {
  if (!parameter_.boolean) return fail("(propagate) has no valueBoolean that is true or false");
  if (propagate_given_) return fail("(propagate) is given a second time");
  propagate_given_ = true;
  parameters_.propagate = *parameter_.boolean;
  return true;
}

bool ParametersHandler::fail(const std::string& what) {
  reason_ = "parameters: parameter[" + std::to_string(index_) + "] " + what;
  return false;
}

}  // namespace fhir
