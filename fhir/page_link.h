#pragma once

#include <string>

#include <boost/system/result.hpp>

#include "fhir/page_parser.h"
#include "fhir/reference.h"

namespace fhir {

/// Where a `next` link of a page leads, as a path below our own base.
struct PageLink {
  std::string path;        ///< e.g. Patient/1/$everything?_cursor=…
  bool by_offset = false;  ///< an offset skips a resource whenever an earlier one is deleted meanwhile
};

/// Judges a `next` link. Whatever a server says, only the query is taken from it, and only if its path ends in
/// `/<target>/$everything`, or in `/Patient` with one `_compartment` that names the target: so our token never leaves
/// for another origin, and no other search is taken for this compartment.
boost::system::result<PageLink, ParseError> judge_link(const std::string& url, const Reference& target);

}  // namespace fhir
