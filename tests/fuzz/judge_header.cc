#include "tests/fuzz/judge_header.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

#include "fhir/instant.h"
#include "fhir/outgoing.h"
#include "fhir/rate_limit.h"
#include "sandbox/instant.h"
#include "tests/fuzz/must.h"

namespace fuzz {

namespace {

using std::chrono::seconds;

constexpr long greatest = 1'000'000'000;

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    parts.push_back(trimmed(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return parts;
}

/// −1 for what is no number, −2 for one so long that it may be none to us.
long number_in(const std::string& parameter) {
  const std::size_t equals = parameter.find('=');
  const std::string digits = equals == std::string::npos ? "" : trimmed(parameter.substr(equals + 1));
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) return -1;
  return digits.size() > 18 ? -2 : std::min(std::stol(digits), greatest);
}

/// Item by item, the last parameter of a name counting.
void judge_each_limit(const std::string& header, const std::vector<fhir::RateLimit>& limits) {
  std::vector<fhir::RateLimit> expected;
  for (const std::string& item : parts_of(header, ',')) {
    auto parts = parts_of(item, ';');
    std::string name = parts.front();
    if (name.size() > 1 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    long remaining = -1, reset = -1;
    parts.erase(parts.begin());
    for (const std::string& part : parts) {
      const std::string key = parts_of(part, '=').front();
      if (key == "r") remaining = number_in(part);
      if (key == "t") reset = number_in(part);
    }
    if (remaining == -2 || reset == -2) return;
    if (!name.empty() && remaining >= 0 && reset >= 0) expected.push_back({name, remaining, seconds(reset)});
  }
  must(limits == expected, "limits are read item by item", header);
}

void judge_rate_limits(const std::string& header) {
  const auto limits = fhir::parse_rate_limits(header);
  judge_each_limit(header, limits);
  for (const fhir::RateLimit& limit : limits) {
    must(!limit.name.empty(), "a limit has a name", header);
    must(limit.remaining >= 0 && limit.remaining <= greatest, "what is left is a sensible number", header);
    must(limit.reset >= seconds(0) && limit.reset <= seconds(greatest), "a reset is a sensible time", header);
  }
  auto twice = limits;
  twice.insert(twice.end(), limits.begin(), limits.end());
  must(fhir::parse_rate_limits(header + "," + header) == twice, "two lines count as one that joins them", header);

  std::string written;
  for (const fhir::RateLimit& limit : limits)
    written += "x;q=1; t= " + std::to_string(limit.reset.count()) + ",\t\"" + limit.name +
               "\" ;r=" + std::to_string(limit.remaining) + ";w=60;t=" + std::to_string(limit.reset.count()) + ",";
  must(fhir::parse_rate_limits(written) == limits, "a limit is read again as it was written", written);
}

void judge_dates(const std::string& text) {
  const auto date = fhir::parse_http_date(text);
  if (!date) return;
  const std::string same = sandbox::http_date(date->time_since_epoch().count() * 1000);
  constexpr std::size_t leap = 23;  // a leap second is the next minute
  must(text[leap] == '6' || same.substr(5, 2) + same.substr(8, 3) + same.substr(12, 4) + same.substr(17) ==
                                text.substr(5, 2) + text.substr(8, 3) + text.substr(12, 4) + text.substr(17),
       "a date is read again as it was written", text);
  must(fhir::parse_http_date(same) == date, "a date that is written is read again", same);
}

void judge_retry_after(const std::string& text) {
  const auto now = std::chrono::sys_seconds(seconds(784'111'777));
  const auto pause = fhir::parse_retry_after(text, now);
  if (!pause) return;
  must(*pause >= seconds(0), "nobody waits for what is over", text);
  const auto later = fhir::parse_retry_after(text, now + seconds(1));
  must(later && *later <= *pause && *later >= *pause - seconds(1), "a later answer never asks for more", text);
}

void judge_instant(const std::string& text) {
  const auto instant = fhir::parse_instant(text);
  const auto before = fhir::instant_before(text, seconds(10));
  must(instant.has_value() == before.has_value(), "what is an instant can be moved", text);
  if (!instant) return;
  must(sandbox::parse_instant(text) == instant->time_since_epoch().count(), "both readers see the same instant", text);
  const bool written_in_four_digits = text >= "0001" && text < "9999";
  if (!written_in_four_digits) return;
  must(fhir::parse_instant(*before) == *instant - seconds(10), "what was moved is an instant again", *before);
}

void judge_etag(const std::string& etag) {
  const std::string version(fhir::version_in(etag));
  must(etag.find(version) != std::string::npos, "a version is a part of its ETag", etag);
  if (version.find('"') == std::string::npos && !version.empty())
    must(fhir::version_in("W/\"" + version + "\"") == version, "a version is read out of its ETag", etag);
}

}  // namespace

void judge_header(const std::string& value) {
  judge_rate_limits(value);
  judge_dates(value);
  judge_retry_after(value);
  judge_instant(value);
  judge_etag(value);
}

}  // namespace fuzz
