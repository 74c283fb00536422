#include "tests/faults/side_by_side.h"

#include <algorithm>
#include <array>
#include <memory>
#include <thread>
#include <vector>

#include "tests/faults/captured_log.h"
#include "tests/support/redis_server.h"

namespace faults {
namespace {

constexpr std::size_t at_once = 20;

/// The secret, tokens as the sandbox makes them, a patient's name.
std::string secrets_in(const std::string& log) {
  static constexpr std::array forbidden = {client_secret, "Bearer", "eyJ", "Müller"};
  for (const char* each : forbidden) {
    const auto at = log.find(each);
    if (at == std::string::npos) continue;
    const auto begin = log.rfind('\n', at) + 1;
    return "logged: " + log.substr(begin, log.find('\n', at) - begin) + "\n";
  }
  return "";
}

/// The sandbox's account organisations by their numbers.
std::string shortened(std::string text) {
  static const std::string lengthy = R"({"reference":"Organization/00000000-0000-4000-8000-0000000000)";
  for (std::size_t at = text.find(lengthy); at != text.npos; at = text.find(lengthy, at))
    text.replace(at, lengthy.size(), "#").erase(std::min(at + 3, text.size()), 2);
  return text;
}

void note(Findings& findings, const Stage& stage) {
  findings.figures.add(stage.figures());
  if (stage.wrong().empty()) return;
  ++findings.mixtures_wrong;
  findings.text += shown(stage.mixture()) + "\n";
  std::size_t said = 0;
  for (const std::string& each : stage.wrong())
    if (++said <= 10) findings.text += "  WRONG " + shortened(each) + "\n";
}

/// The log's lines about one patient, whose name has the seed in it.
std::string lines_about(const std::string& log, std::uint64_t seed) {
  const std::string patient = "Patient/p" + std::to_string(seed);
  std::string lines;
  for (std::size_t begin = 0; begin < log.size();) {
    const std::size_t end = std::min(log.find('\n', begin), log.size());
    const std::string line = log.substr(begin, end - begin);
    if (line.find(patient) != std::string::npos) lines += "    " + line + "\n";
    begin = end + 1;
  }
  return lines;
}

}  // namespace

Findings play_side_by_side(const std::function<std::optional<Mixture>()>& next) {
  const test::RedisServer redis({"--appendonly", "no", "--appendfsync", "no"});
  Findings findings;
  const CapturedLog log;
  std::vector<std::unique_ptr<Stage>> stages;
  std::vector<std::uint64_t> bad;
  bool more = true;
  while (more || !stages.empty()) {
    while (more && stages.size() < at_once) {
      std::optional<Mixture> mixture = next();
      more = mixture.has_value();
      if (mixture) stages.push_back(std::make_unique<Stage>(std::move(*mixture), redis.url()));
    }
    bool worked = false;
    for (const auto& stage : stages) worked = stage->work() || worked;
    std::erase_if(stages, [&](const auto& stage) {
      if (!stage->is_over()) return false;
      note(findings, *stage);
      if (!stage->wrong().empty()) bad.push_back(stage->mixture().seed);
      return true;
    });
    if (!worked) std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  const std::string logged = log.text();
  findings.text += secrets_in(logged);
  for (const std::uint64_t seed : bad)
    findings.text += "  log of " + std::to_string(seed) + ":\n" + lines_about(logged, seed);
  return findings;
}

}  // namespace faults
