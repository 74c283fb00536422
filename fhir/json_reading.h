#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include "fhir/lone_surrogates.h"
#include "fhir/passing.h"
#include "fhir/text_in_situ.h"

namespace fhir {

/// Why a JSON text was not read to its end.
struct JsonFault {
  std::string why;
  std::size_t offset = 0;   ///< in bytes
  bool by_handler = false;  ///< the handler ended it and knows why; `why` is empty
};

/// A handler that may move its reader on, past what it need not see.
template <class Handler>
concept Skipping = requires(Handler handler, TextInSitu& stream) { handler.read_from(stream); };

/// Plays `text`, which is foreign and is consumed, to `handler`: in situ, numbers as raw text, every string in valid
/// UTF-8. The handler must bound the depth of nesting, for RapidJSON recurses.
template <class Handler>
std::optional<JsonFault> read_json(std::string& text, Handler& handler) {
  constexpr unsigned flags =
      rapidjson::kParseInsituFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;

  replace_lone_surrogates(text);
  const std::size_t size = text.size();
  text.append(plain_text_padding, '\0');
  TextInSitu stream(text.data());
  if constexpr (Skipping<Handler>) handler.read_from(stream);
  rapidjson::GenericReader<RunByRun, RunByRun> reader;
  Passing<Handler> passing{handler};
  const rapidjson::ParseResult parsed = reader.template Parse<flags>(stream, passing);
  if (parsed.Code() == rapidjson::kParseErrorTermination) return JsonFault{{}, parsed.Offset(), true};
  if (parsed.IsError()) return JsonFault{rapidjson::GetParseError_En(parsed.Code()), parsed.Offset(), false};
  // RapidJSON takes a NUL for the end.
  if (stream.Tell() != size) return JsonFault{"More follows after the end.", stream.Tell(), false};
  return std::nullopt;
}

}  // namespace fhir
