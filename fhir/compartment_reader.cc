#include "fhir/compartment_reader.h"

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>

#include "fhir/compartment_definition.h"
#include "fhir/http_message.h"
#include "fhir/operation_outcome.h"
#include "fhir/page_count.h"
#include "fhir/page_link.h"
#include "fhir/refused.h"

namespace fhir {
namespace {

std::string encoded(const std::string& text) {
  return boost::urls::encode(text, boost::urls::unreserved_chars);
}

std::string all_types() {
  std::string types;
  for (const auto type : patient_compartment_types()) {
    if (!types.empty()) types += ',';
    types += type;
  }
  return types;
}

/// Medplum, default maxSearchOffset 10,000.
bool is_past_offset_cap(unsigned status, const std::string& text) {
  return status == 400 && text.starts_with("Search offset exceeds maximum");
}

/// Medplum from 5.1.22: a whole page plus one was written in the same millisecond.
bool is_stuck_cursor(unsigned status, const std::string& text) {
  return status == 500 && text.find("Cursor fails to make progress") != std::string::npos;
}

/// A cursor names each resource of the page's last millisecond: enough of them, and the link outgrows what the server
/// itself accepts as a request (Node: 16 KB of header, then 431).
bool is_oversized_cursor(unsigned status) {
  return status == 431 || status == 414;
}

bool needs_another_way(const Response& response) {
  if (is_oversized_cursor(response.status)) return true;
  if (response.status != 400 && response.status != 500) return false;
  const std::string text = parse_operation_outcome(response.body).text;
  return is_past_offset_cap(response.status, text) || is_stuck_cursor(response.status, text);
}

/// At most: `Date` tells whole seconds.
Instant server_clock(const Response& response) {
  const auto ours = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return response.date.value_or(ours) + std::chrono::seconds(1);
}

}  // namespace

CompartmentReader::CompartmentReader(Client& client, Stop& stop, Reference target, Options options)
    : client_(client), stop_(stop), target_(std::move(target)), options_(std::move(options)) {}

void CompartmentReader::begin_pass(std::optional<std::string> since) {
  since_ = std::move(since);
  followed_.clear();
  newest_.clear();
  newest_instant_ = Instant::min();
  begin_way(way_);
}

Awaitable<std::optional<Page>> CompartmentReader::next() {
  while (!path_.empty()) {
    std::optional<Page> page = co_await fetch();
    if (!page) continue;
    follow(*page);
    co_return page;
  }
  co_return std::nullopt;
}

/// Reads the page at path_; nothing where another way had to be begun instead.
Awaitable<std::optional<Page>> CompartmentReader::fetch() {
  if (!followed_.insert(path_).second)
    throw RequestFailed("reading " + target_.str() + "/$everything: the server's next links run in a circle");

  std::optional<Page> page;
  Request request;
  request.path = path_;
  request.traceparent = options_.traceparent;
  request.share = options_.share;
  request.final_answer = needs_another_way;
  request.unusable = [this, &page](Response& response) -> std::optional<std::string> {
    auto parsed = parse_page(std::move(response.body), target_);
    if (!parsed) return parsed.error().reason;
    page = std::move(*parsed);
    note_newest(*page, server_clock(response));
    return std::nullopt;
  };
  Response response;
  bool too_large = false;
  try {
    response = co_await client_.send(std::move(request), stop_);
  } catch (const AnswerTooLarge&) {
    too_large = true;
  }
  if (too_large) {
    ask_for_less();
    co_return std::nullopt;
  }
  if (response.status == 200) {
    ++client_.tally().pages;
    if (page) client_.tally().entries += page->entries.size();
    co_return page;
  }

  if (!needs_another_way(response)) {
    const std::string asked = "GET " + target_.str() + "/$everything";
    throw Refused(describe_refusal(asked, response), asked + ": " + status_line(response.status));
  }
  change_way(response);
  co_return std::nullopt;
}

/// The server's links go on with the smaller count, and so do the passes to come.
void CompartmentReader::ask_for_less() {
  const auto less = with_half_the_count(path_);
  if (!less)
    throw Refused("reading " + target_.str() +
                  "/$everything: a page is larger than --body-limit allows, however few resources it holds: raise it");
  path_ = *less;
  options_.page_size = std::max(options_.page_size / 2, fewest_of_a_page);
}

void CompartmentReader::note_newest(const Page& page, Instant now) {
  for (const Entry& entry : page.entries) {
    if (entry.mode == SearchMode::include) continue;
    const auto updated = parse_instant(entry.last_updated);
    if (!updated || *updated <= newest_instant_ || *updated > now) continue;
    newest_instant_ = *updated;
    newest_ = entry.last_updated;
  }
}

void CompartmentReader::follow(const Page& page) {
  if (!page.next.empty()) {
    const auto link = judge_link(page.next, target_);
    if (!link) throw RequestFailed("reading " + target_.str() + "/$everything: " + link.error().reason);
    could_skip_ = could_skip_ || link->by_offset;
    path_ = link->path;
    return;
  }
  const bool one_type_at_a_time = way_ == Way::search_by_type || way_ == Way::search_by_type_and_offset;
  path_.clear();
  if (one_type_at_a_time && ++type_ < patient_compartment_types().size()) begin_type();
}

void CompartmentReader::change_way(const Response& refusal) {
  const bool stuck = refusal.status != 400;
  switch (way_) {
    case Way::everything:
      begin_way(stuck ? Way::search_by_type : Way::search);
      return;
    case Way::search:
      begin_way(Way::search_by_type);
      return;
    case Way::search_by_type:
      begin_way(Way::search_by_type_and_offset);
      return;
    case Way::search_by_type_and_offset:
      break;
  }
  throw RequestFailed("reading the compartment of " + target_.str() +
                      ": the server offers no way past its offset limit; raise its maxSearchOffset");
}

void CompartmentReader::begin_way(Way way) {
  way_ = way;
  type_ = 0;
  // One type after the other: what changes behind us, in a type already read, comes again in no later page.
  could_skip_ = way == Way::search_by_type || way == Way::search_by_type_and_offset;
  switch (way) {
    case Way::everything:
      path_ = target_.str() + "/$everything?_count=" + std::to_string(options_.page_size);
      if (since_) path_ += "&_since=" + encoded(*since_);
      return;
    case Way::search:
      path_ = search_path(all_types(), "_lastUpdated");
      return;
    case Way::search_by_type:
    case Way::search_by_type_and_offset:
      begin_type();
      return;
  }
}

void CompartmentReader::begin_type() {
  path_ = search_path(std::string(patient_compartment_types()[type_]),
                      way_ == Way::search_by_type ? "_lastUpdated" : "_id");
}

std::string CompartmentReader::search_path(const std::string& types, const std::string& sort) const {
  std::string path = "Patient?_compartment=" + encoded(target_.str()) + "&_type=" + types + "&_sort=" + sort +
                     "&_count=" + std::to_string(options_.page_size);
  if (since_) path += "&_lastUpdated=" + encoded("ge" + *since_);
  return path;
}

}  // namespace fhir
