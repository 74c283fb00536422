#pragma once

#include <string>

#include <boost/system/result.hpp>

#include "fhir/page_parser.h"

namespace oracle {

/// What parse_page would read if nothing were skipped or taken at once: RapidJSON itself plays all of the text.
boost::system::result<fhir::Page, fhir::ParseError> read_page_plainly(std::string json, const fhir::Reference& target);

/// Whether RapidJSON itself takes this for JSON in UTF-8, at most as deep as we read.
bool is_plainly_json(std::string json);

}  // namespace oracle
