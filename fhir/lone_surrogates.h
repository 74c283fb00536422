#pragma once

#include <string>

namespace fhir {

/// JavaScript cuts a text also in the middle of an emoji, and its JSON then holds half of a surrogate pair, `\ud83d`
/// say: JSON by its grammar, but nothing that UTF-8 could hold. In place, each such half becomes `\ufffd`, which is
/// also what JavaScript makes of it for UTF-8. Otherwise one note in one resource would make its whole page unreadable.
void replace_lone_surrogates(std::string& json);

}  // namespace fhir
