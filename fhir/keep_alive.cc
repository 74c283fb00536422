#include "fhir/keep_alive.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace fhir {
namespace {

/// Node keeps connections for 5 s where nobody set it; Medplum for 90 s, load balancers for 60 s.
constexpr std::chrono::seconds usual_idle(4);

std::optional<std::chrono::seconds> timeout_in(const std::string& header) {
  constexpr std::string_view name = "timeout=";
  const std::size_t begin = header.find(name);  // in small letters wherever it was seen
  if (begin == std::string::npos) return std::nullopt;
  const char* const digits = header.data() + begin + name.size();
  int seconds = 0;
  const auto [end, error] = std::from_chars(digits, header.data() + header.size(), seconds);
  if (error != std::errc() || seconds < 0) return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace

/// A quarter of the server's time is left for the way to it.
Clock::duration longest_idle(const HttpFields& answer) {
  const auto said = timeout_in(answer.joined("Keep-Alive"));
  if (!said) return usual_idle;
  return std::min<Clock::duration>(usual_idle, Clock::duration(*said) * 3 / 4);
}

}  // namespace fhir
