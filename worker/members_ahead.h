#pragma once

#include <optional>
#include <vector>

#include "fhir/compartment_reader.h"
#include "fhir/page_parser.h"
#include "fhir/reference.h"
#include "fhir/signal.h"
#include "fhir/stop.h"
#include "worker/awaitable.h"
#include "worker/progress.h"

namespace worker {

/// The members of one pass, for many lanes to take from, while the page after the present one is already being read.
class MembersAhead {
 public:
  /// `progress` is told of each member as soon as its page has come.
  MembersAhead(fhir::CompartmentReader& reader, fhir::Stop& stop, fhir::Reference target, Progress& progress);

  /// Reads page after page, one ahead of the lanes, until the pass is over.
  Awaitable<void> read();

  /// The next member if it is here already.
  std::optional<fhir::Entry> take();
  /// Waits for the next member; nothing at the end of the pass.
  Awaitable<std::optional<fhir::Entry>> next();

 private:
  std::vector<fhir::Entry> members_of(fhir::Page page) const;
  bool take_page();

  fhir::CompartmentReader& reader_;
  fhir::Stop& stop_;
  fhir::Reference target_;
  Progress& progress_;
  std::vector<fhir::Entry> present_;
  std::size_t taken_ = 0;  ///< of present_
  std::optional<std::vector<fhir::Entry>> ahead_;
  bool over_ = false;
  fhir::Signal changed_;
};

}  // namespace worker
