#include "tests/fhir/page_oracle.h"

#include <algorithm>
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

/// `Patient/x`, with or without a version, with or without the base URL of some server.
bool names(const fhir::Reference& target, std::string_view reference) {
  const std::string_view unversioned = reference.substr(0, reference.find("/_history/"));
  const std::string plain = target.type + "/" + target.id;
  if (unversioned == plain) return true;
  if (!unversioned.ends_with("/" + plain)) return false;
  const auto scheme = unversioned.find("://");
  return scheme != std::string_view::npos && scheme + 3 < unversioned.size() - plain.size() - 1;
}

bool refers_to(const fhir::Reference& target, const value& resource, std::string_view type) {
  bool found = false;
  for (const std::string_view path : fhir::patient_reference_paths(type))
    visit_objects(&resource, path, [&](const value& reference) {
      found = found || names(target, string(member(&reference, "reference")));
    });
  return found;
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
  entry.patients = read_patients(compartment);
  entry.refers_to_target = refers_to(target, resource, entry.reference.type);
  return entry;
}

void write_alike(Entry& entry) {
  const auto rewrite = [](Account& account) { account.json = boost::json::serialize(parse(account.json)); };
  std::ranges::for_each(entry.accounts.accounts, rewrite);
  if (entry.accounts.single) rewrite(*entry.accounts.single);
}

}  // namespace oracle
