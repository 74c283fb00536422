#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "fhir/awaitable.h"
#include "fhir/client.h"
#include "fhir/instant.h"
#include "fhir/page_parser.h"
#include "fhir/reference.h"
#include "fhir/stop.h"

namespace fhir {

/// Reads a patient's compartment in passes, each page by page. One at a time: a page is asked for when the one before
/// has come.
///
/// It begins with `$everything` and follows `next` until there is none (a short page is no end). Servers that page by
/// an offset refuse to go past 10,000: the compartment is then searched by `_lastUpdated`, whose pages are linked by a
/// cursor. Where a cursor makes no progress (more resources of one millisecond than a page holds) one type at a time is
/// searched, and where even that does not help, one type by offset. What was found to work is kept for further passes.
class CompartmentReader {
 public:
  struct Options {
    std::size_t page_size =
        1000;  ///< `_count`; under 20 the server pages by an offset over a key that our writes change
    std::string traceparent;
    std::uint64_t share = 0;
  };
  CompartmentReader(Client& client, Stop& stop, Reference target, Options options);

  /// Begins a pass: over everything, or over what the server changed since an instant.
  void begin_pass(std::optional<std::string> since);

  /// The next page of the pass, or nothing after its last one. Pages repeat resources; that is the reader's to bear.
  /// Throws Refused when the compartment may not be read, RequestFailed for a link that loops or leads elsewhere,
  /// and what Client::send throws.
  Awaitable<std::optional<Page>> next();

  /// A change during the pass can have made it skip a resource: true once it followed a link by offset, or where it
  /// read one type at a time.
  bool could_skip() const { return could_skip_; }
  /// The newest meta.lastUpdated that the pass has seen; empty if none was said. What is ahead of the server's own
  /// clock is not counted: it was stamped elsewhere, and says nothing of the changes up to then.
  const std::string& newest() const { return newest_; }

 private:
  enum class Way { everything, search, search_by_type, search_by_type_and_offset };

  void begin_way(Way way);
  void begin_type();
  std::string search_path(const std::string& types, const std::string& sort) const;
  void ask_for_less();
  void note_newest(const Page& page, Instant now);
  void follow(const Page& page);
  Awaitable<std::optional<Page>> fetch();
  void change_way(const Response& refusal);

  Client& client_;
  Stop& stop_;
  Reference target_;
  Options options_;

  Way way_ = Way::everything;
  std::optional<std::string> since_;
  std::size_t type_ = 0;            ///< of patient_compartment_types(), where one at a time is searched
  std::string path_;                ///< of the page to read next; empty: the pass is over
  std::set<std::string> followed_;  ///< paths of this pass
  bool could_skip_ = false;
  std::string newest_;
  Instant newest_instant_;
};

}  // namespace fhir
