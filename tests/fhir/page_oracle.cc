#include "tests/fhir/page_oracle.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <boost/json/serialize.hpp>

#include "fhir/compartment_definition.h"

namespace oracle {

namespace {

using boost::json::value;
using fhir::Account;
using fhir::Entry;

constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view id_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";

bool consists_of(std::string_view text, std::string_view characters) {
  return !text.empty() && text.size() <= 64 && text.find_first_not_of(characters) == std::string_view::npos;
}

bool may_be_type(std::string_view text) {
  return consists_of(text, letters) && text.front() <= 'Z';
}

bool may_be_id(std::string_view text) {
  return consists_of(text, id_characters) && text != "." && text != "..";
}

/// Every object that `path` leads to, through arrays of any depth.
template <class Visit>
void visit_objects(const value* at, std::string_view path, Visit visit) {
  if (at == nullptr) return;
  if (at->is_array())
    for (const value& element : at->get_array()) visit_objects(&element, path, visit);
  if (!at->is_object()) return;
  if (path.empty()) return visit(*at);
  const auto dot = path.find('.');
  visit_objects(member(at, path.substr(0, dot)), dot == std::string_view::npos ? "" : path.substr(dot + 1), visit);
}

/// The x of `Patient/x`, with or without a version, with or without the base URL of some server.
std::string patient_named(std::string_view reference) {
  const std::string_view unversioned = reference.substr(0, reference.find("/_history/"));
  const std::size_t slash = unversioned.rfind('/');
  if (slash == std::string_view::npos || !may_be_id(unversioned.substr(slash + 1))) return "";
  const std::string_view before = unversioned.substr(0, slash);
  const auto scheme = before.find("://");
  const bool behind_base = before.ends_with("/Patient") && scheme != std::string_view::npos &&
                           scheme + 3 < before.size() - std::string_view("/Patient").size();
  return before == "Patient" || behind_base ? std::string(unversioned.substr(slash + 1)) : "";
}

/// Sorted, each once.
std::vector<std::string> patients_at_elements(const value& resource, std::string_view type) {
  std::set<std::string> patients;
  for (const std::string_view path : fhir::patient_reference_paths(type))
    visit_objects(&resource, path, [&](const value& reference) {
      const std::string id = patient_named(string(member(&reference, "reference")));
      if (!id.empty()) patients.insert("Patient/" + id);
    });
  return {patients.begin(), patients.end()};
}

Account read_account(const value& reference) {
  return {string(member(&reference, "reference")), boost::json::serialize(reference)};
}

fhir::AccountState read_accounts(const value* meta) {
  fhir::AccountState state;
  if (const value* single = member(meta, "account"); single != nullptr && single->is_object())
    state.single = read_account(*single);
  if (const value* list = member(meta, "accounts"); list != nullptr && list->is_array())
    for (const value& account : list->get_array())
      if (account.is_object()) state.accounts.push_back(read_account(account));
  return state;
}

std::vector<std::string> read_patients(const value* compartment) {
  constexpr std::string_view type = "Patient/";
  std::vector<std::string> patients;
  if (compartment == nullptr || !compartment->is_array()) return patients;
  for (const value& reference : compartment->get_array()) {
    const auto text = string(member(&reference, "reference"));
    if (text.starts_with(type) && may_be_id(std::string_view(text).substr(type.size()))) patients.push_back(text);
  }
  return patients;
}

fhir::SearchMode read_mode(const std::string& mode) {
  if (mode == "match") return fhir::SearchMode::match;
  if (mode == "include") return fhir::SearchMode::include;
  return mode == "outcome" ? fhir::SearchMode::outcome : fhir::SearchMode::none;
}

std::string next_of(const value* links) {
  std::string next;
  if (links == nullptr || !links->is_array()) return next;
  for (const value& link : links->get_array())
    if (string(member(&link, "relation")) == "next") next = string(member(&link, "url"));
  return next;
}

}  // namespace

std::optional<fhir::Page> read_page(const value& bundle, const fhir::Reference& target) {
  if (string(member(&bundle, "resourceType")) != "Bundle") return std::nullopt;
  fhir::Page page;
  page.next = next_of(member(&bundle, "link"));
  const value* entries = member(&bundle, "entry");
  if (entries == nullptr || !entries->is_array()) return page;
  for (const value& from : entries->get_array()) {
    const value* resource = member(&from, "resource");
    auto entry = resource == nullptr ? std::nullopt : read_resource(*resource, target);
    if (!entry) continue;
    entry->mode = read_mode(string(member(member(&from, "search"), "mode")));
    page.entries.push_back(*std::move(entry));
  }
  return page;
}

std::optional<Entry> read_resource(const value& resource, const fhir::Reference& target) {
  Entry entry;
  entry.reference = {string(member(&resource, "resourceType")), string(member(&resource, "id"))};
  if (!may_be_type(entry.reference.type) || !may_be_id(entry.reference.id)) return std::nullopt;
  const value* meta = member(&resource, "meta");
  const value* compartment = member(meta, "compartment");
  entry.version_id = string(member(meta, "versionId"));
  entry.last_updated = string(member(meta, "lastUpdated"));
  entry.accounts = read_accounts(meta);
  entry.has_compartment = compartment != nullptr && compartment->is_array();
  const std::vector<std::string> at_elements = patients_at_elements(resource, entry.reference.type);
  entry.patients = entry.has_compartment ? read_patients(compartment) : at_elements;
  entry.refers_to_target = std::ranges::find(at_elements, target.str()) != at_elements.end();
  return entry;
}

void write_alike(Entry& entry) {
  const auto rewrite = [](Account& account) { account.json = boost::json::serialize(parse(account.json)); };
  std::ranges::for_each(entry.accounts.accounts, rewrite);
  if (entry.accounts.single) rewrite(*entry.accounts.single);
  if (!entry.has_compartment) std::ranges::sort(entry.patients);  // found in the order of the text, or of the paths
}

}  // namespace oracle
