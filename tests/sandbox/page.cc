#include "sandbox/page.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "sandbox/instant.h"
#include "sandbox/outcome.h"

namespace sandbox {
namespace {

/// What is on the page, and the resource after it.
struct Window {
  std::vector<const Record*> rows;
  const Record* next = nullptr;
};

class Filter {
 public:
  explicit Filter(const PageRequest& request)
      : since_(request.since), types_(request.types.begin(), request.types.end()) {
    if (!request.cursor) return;
    since_ = std::max(since_, request.cursor->instant);
    excluded_.insert(request.cursor->excluded.begin(), request.cursor->excluded.end());
  }
  std::int64_t since() const { return since_; }
  bool takes(const Record* record) const {
    return record->current().last_updated >= since_ && types_.contains(record->type) && !excluded_.contains(record->id);
  }

 private:
  std::int64_t since_;
  std::set<std::string, std::less<>> types_;
  std::set<std::string, std::less<>> excluded_;
};

std::vector<const Record*> rows_by_id(const Compartment& compartment, const Filter& filter) {
  std::vector<const Record*> rows;
  std::ranges::copy_if(compartment, std::back_inserter(rows), [&](const Record* row) { return filter.takes(row); });
  std::ranges::sort(rows, {}, [](const Record* row) { return std::tie(row->id, row->type); });
  return rows;
}

/// At most `enough` rows from the first one that the filter takes.
std::vector<const Record*> rows_by_time(const Compartment& compartment, const Filter& filter, std::size_t enough) {
  std::vector<const Record*> rows;
  for (auto row = compartment.lower_bound(filter.since()); row != compartment.end() && rows.size() < enough; ++row) {
    if (filter.takes(*row)) rows.push_back(*row);
  }
  return rows;
}

Window window_of(const Compartment& compartment, const PageRequest& request) {
  const Filter filter(request);
  const auto offset = static_cast<std::size_t>(request.offset);
  const auto count = static_cast<std::size_t>(request.count);
  std::vector<const Record*> rows = request.sort == Sort::id ? rows_by_id(compartment, filter)
                                                             : rows_by_time(compartment, filter, offset + count + 1);
  rows.erase(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(offset, rows.size())));
  if (rows.size() <= count) return {std::move(rows), nullptr};
  const Record* next = rows[count];
  rows.resize(count);
  return {std::move(rows), next};
}

std::string joined(const std::vector<std::string>& values) {
  std::string text;
  for (const std::string& value : values) text += (text.empty() ? "" : ",") + value;
  return text;
}

std::string search_url(const PageRequest& request, Query query, const std::string& base) {
  query.parameters.emplace_back("_sort", request.sort == Sort::id ? "_id" : "_lastUpdated");
  query.parameters.emplace_back("_type", joined(request.types));
  if (request.since != 0) query.parameters.emplace_back("_lastUpdated", "ge" + instant(request.since));
  query.parameters.emplace(query.parameters.begin(), "_compartment", request.patient);
  return base + "fhir/R4/" + (request.everything ? "Patient" : request.searched_type) + "?" + to_text(query);
}

std::string everything_url(const PageRequest& request, Query query, const std::string& base) {
  if (request.since != 0) query.parameters.emplace_back("_since", instant(request.since));
  if (request.types_named) query.parameters.emplace_back("_type", joined(request.types));
  return base + "fhir/R4/" + request.patient + "/$everything?" + to_text(query);
}

Link link(std::string relation, const PageRequest& request, const Query& query, Paging paging,
          const std::string& base) {
  const bool everything = request.everything && paging != Paging::legacy;
  return {std::move(relation), everything ? everything_url(request, query, base) : search_url(request, query, base)};
}

Query window_query(const PageRequest& request, long offset) {
  return {{{"_count", std::to_string(request.count)}, {"_offset", std::to_string(offset)}}};
}

Query cursor_query(const PageRequest& request, const Window& window) {
  Cursor cursor{window.next->current().last_updated, {}};
  for (const Record* row : window.rows) {
    if (row->current().last_updated == cursor.instant) cursor.excluded.push_back(row->id);
  }
  return {{{"_count", std::to_string(request.count)}, {"_cursor", to_text(cursor)}}};
}

}  // namespace

std::variant<Page, Answer> page_of(const World& world, const PageRequest& request, const ServerOptions& options,
                                   const std::string& base) {
  Window window = window_of(world.compartment(request.patient), request);
  Page page;
  const auto add = [&](const char* relation, const Query& query) {
    page.links.push_back(link(relation, request, query, options.paging, base));
  };
  add("self", window_query(request, request.offset));
  if (!window.rows.empty() && request.by_cursor()) {
    const std::int64_t first = window.rows.front()->current().last_updated;
    if (window.next && window.next->current().last_updated == first)
      return server_error("Cursor fails to make progress");
    add("first", {{{"_count", std::to_string(request.count)}}});
    if (window.next) add("next", cursor_query(request, window));
  } else if (!window.rows.empty()) {
    add("first", window_query(request, 0));
    if (window.next) add("next", window_query(request, request.offset + request.count));
    if (request.offset > 0) add("previous", window_query(request, std::max(0L, request.offset - request.count)));
  }
  page.matches = std::move(window.rows);
  return page;
}

}  // namespace sandbox
