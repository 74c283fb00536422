#pragma once

#include <cstddef>

namespace fhir {

/// Most of a page is of no interest to us. It has to be JSON in UTF-8 all the same, or the page cannot be trusted to be
/// whole; to see that takes far less than to read it. Given what is behind the opening bracket, these find the closing
/// one. Nothing may be nested deeper than `depth` levels in between.
///
/// Null stands for "not to be skipped": wrong, too deep, or merely unusual. So a reader looks for itself, and has the
/// last word on what is wrong and where. Text that was skipped is text that RapidJSON takes, if its surrogates are
/// paired. The text must be followed by `plain_text_padding` NULs.
const char* end_of_object(const char* inside, std::size_t depth);
const char* end_of_array(const char* inside, std::size_t depth);

}  // namespace fhir
