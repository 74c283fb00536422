#include "fhir/page_parser.h"

#include <utility>

#include "fhir/operation_outcome.h"
#include "fhir/page_handler.h"

namespace fhir {

namespace {

/// Bodies with an outcome are small; a page is not searched for one.
constexpr std::size_t largest_outcome = std::size_t{64} * 1024;

/// What was answered in place of what we asked for.
std::optional<ParseError> outcome_in(const std::string& json) {
  if (json.size() > largest_outcome || json.find("OperationOutcome") == std::string::npos) return std::nullopt;
  const OperationOutcome outcome = parse_operation_outcome(json);
  if (outcome.text.empty()) return std::nullopt;
  return ParseError{"an OperationOutcome: " + outcome.text};
}

/// Names the type only where it looks like one: what stands there is foreign.
std::string described(std::string_view type) {
  return is_type(type) ? "a " + std::string(type) : "no FHIR resource";
}

}  // namespace

boost::system::result<Page, ParseError> parse_page(std::string json, const Reference& target) {
  if (auto outcome = outcome_in(json)) return *std::move(outcome);
  PageHandler handler(Slot::bundle, target);
  if (auto error = handler.read(json)) return *std::move(error);
  if (handler.bundle_type() != "Bundle") return ParseError{described(handler.bundle_type()) + ", not a Bundle"};
  return std::move(handler.page());
}

boost::system::result<Entry, ParseError> parse_resource(std::string json, const Reference& target) {
  if (auto outcome = outcome_in(json)) return *std::move(outcome);
  PageHandler handler(Slot::resource, target);
  if (auto error = handler.read(json)) return *std::move(error);
  const Reference& reference = handler.resource().reference;
  if (!is_type(reference.type) || !is_id(reference.id))
    return ParseError{described(reference.type) + ", without an id that could be addressed"};
  return std::move(handler.resource());
}

}  // namespace fhir
