#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/parse.hpp>

#include "fhir/membership.h"
#include "fhir/page_parser.h"
#include "tests/fhir/page_oracle.h"
#include "tests/fhir/plain_reading.h"
#include "tests/fhir/random_page.h"
#include "tests/fuzz/must.h"

namespace {

using fhir::Entry;
using fuzz::must;

const fhir::Reference target{"Patient", "p"};

/// As a whole document, by another library; nothing for what is no JSON, or is nested too deep.
std::optional<boost::json::value> whole(const std::string& json) {
  boost::system::error_code error;
  auto document = boost::json::parse(oracle::with_whole_pairs(json), error, {}, {.max_depth = fhir::max_json_depth});
  if (error) return std::nullopt;
  return document;
}

/// Why a whole resource may be refused all the same: RapidJSON takes no number that no double can hold, Boost.JSON
/// does; and an OperationOutcome came in place of what we asked for.
bool is_good_reason(const std::string& reason, const boost::json::value& document) {
  if (reason.find("Number too big") != std::string::npos) return true;
  return reason.starts_with("an OperationOutcome: ") &&
         oracle::string(oracle::member(&document, "resourceType")) == "OperationOutcome";
}

/// No shared record may ever get a tenant's accounts.
void must_spare_others(const Entry& entry) {
  if (!is_member(entry, target)) return;
  must(entry.reference.type != "Patient" && entry.reference.type != "Binary", "no Patient or Binary is a member");
  must(entry.mode == fhir::SearchMode::match || entry.mode == fhir::SearchMode::none, "what is included is no member");
}

void judge_page(const std::string& json, const std::optional<boost::json::value>& document) {
  auto page = fhir::parse_page(json, target);
  const auto expected = document ? oracle::read_page(*document, target) : std::nullopt;
  if (!page) {
    must(!page.error().reason.empty(), "a refusal has a reason");
    must(!expected || is_good_reason(page.error().reason, *document), "a Bundle is read", page.error().reason);
    return;
  }
  must(expected.has_value(), "what is no whole Bundle is refused", json);
  std::ranges::for_each(page->entries, oracle::write_alike);
  must(page->next == expected->next, "the next link is the last of its name", page->next);
  must(page->entries == expected->entries, "entries are read as from the whole document", json);
  std::ranges::for_each(page->entries, must_spare_others);
}

/// What is skipped must not be missed: neither in what is read, nor in what is said of a fault.
void judge_skipping(const std::string& json) {
  const auto page = fhir::parse_page(json, target);
  if (!page && !page.error().reason.starts_with("at byte")) return;
  const auto plainly = oracle::read_page_plainly(json, target);
  must(page.has_value() == plainly.has_value(), "what is skipped is sound", json);
  if (!page) return must(page.error().reason == plainly.error().reason, "a fault is told alike", page.error().reason);
  must(page->next == plainly->next && page->entries == plainly->entries, "what is skipped is not missed", json);
}

void judge_resource(const std::string& json, const std::optional<boost::json::value>& document) {
  auto resource = fhir::parse_resource(json, target);
  const auto expected = document ? oracle::read_resource(*document, target) : std::nullopt;
  if (!resource) {
    must(!expected || is_good_reason(resource.error().reason, *document), "a resource is read",
         resource.error().reason);
    return;
  }
  must(expected.has_value(), "what is no whole resource is refused", json);
  oracle::write_alike(*resource);
  must(*resource == *expected, "a resource is read as from the whole document", json);
}

/// Text as it is; behind a first byte that begins no JSON, the dice for a page.
std::string json_of(std::string_view input) {
  if (input.empty() || static_cast<unsigned char>(input.front()) < 0x80) return std::string(input);
  oracle::Dice dice(input.substr(1));
  return oracle::random_bundle(dice);
}

}  // namespace

/// A page is read in one go without a document; a reader of whole documents must agree on all of it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string json = json_of({reinterpret_cast<const char*>(bytes), size});
  const auto document = whole(json);
  judge_page(json, document);
  judge_resource(json, document);
  judge_skipping(json);
  return 0;
}
