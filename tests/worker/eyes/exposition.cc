#include "tests/worker/eyes/exposition.h"

#include <cmath>
#include <limits>
#include <optional>
#include <regex>
#include <sstream>

namespace test {
namespace {

using Labels = Exposition::Labels;

bool ends_with_any(const std::string& name, const std::vector<std::string>& ends) {
  for (const auto& end : ends)
    if (name.ends_with(end)) return true;
  return false;
}

/// The family that a series of a histogram belongs to, or the name itself.
std::string family_of(const Exposition& read, const std::string& name) {
  for (const std::string end : {"_bucket", "_sum", "_count"}) {
    if (!name.ends_with(end)) continue;
    const std::string base = name.substr(0, name.size() - end.size());
    const auto family = read.families.find(base);
    if (family != read.families.end() && family->second.type == "histogram") return base;
  }
  return name;
}

std::optional<Exposition::Sample> read_sample(const std::string& line) {
  static const std::regex shape(R"(([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+))");
  static const std::regex label(R"raw(([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[n"\\])*)",?)raw");
  std::smatch found;
  if (!std::regex_match(line, found, shape)) return std::nullopt;
  Exposition::Sample sample;
  sample.name = found[1];
  const std::string number = found[3];
  if (number == "+Inf" || number == "NaN") return std::nullopt;  // no value of ours is either
  sample.value = std::stod(number);
  std::string rest = found[2];
  for (std::smatch one; !rest.empty(); rest = one.suffix()) {
    if (!std::regex_search(rest, one, label, std::regex_constants::match_continuous)) return std::nullopt;
    if (!sample.labels.emplace(one[1], one[2]).second) return std::nullopt;
  }
  return sample;
}

void judge_family(const std::string& name, const Exposition::Family& family, std::vector<std::string>& faults) {
  if (family.help.size() < 10) faults.push_back(name + " has no HELP that says anything");
  if (family.type.empty()) faults.push_back(name + " has no TYPE");
  if (family.samples.empty()) faults.push_back(name + " has no series");
  if (!name.starts_with("set_accounts_") && !name.starts_with("process_")) faults.push_back(name + " is not ours");
  const bool total = name.ends_with("_total");
  if ((family.type == "counter") != total) faults.push_back(name + ": _total is the end of counters' names alone");
  if (ends_with_any(name, {"_ms", "_milliseconds", "_minutes", "_kb", "_percent"}))
    faults.push_back(name + ": no base unit");
  std::set<Labels> seen;
  if (family.type != "histogram")
    for (const auto& sample : family.samples)
      if (!seen.insert(sample.labels).second) faults.push_back(name + " has a series twice");
  if (family.type == "counter")
    for (const auto& sample : family.samples)
      if (sample.value < 0) faults.push_back(name + " counts below zero");
}

void judge_histogram(const std::string& name, const Exposition::Family& family, std::vector<std::string>& faults) {
  double last_bound = -1, last_count = 0, count = -1;
  bool sum = false;
  for (const auto& sample : family.samples) {
    if (sample.name == name + "_count") count = sample.value;
    if (sample.name == name + "_sum") sum = true;
    if (sample.name != name + "_bucket") continue;
    const std::string bound_text = sample.labels.contains("le") ? sample.labels.at("le") : "";
    const double bound = bound_text == "+Inf" ? std::numeric_limits<double>::infinity() : std::stod("0" + bound_text);
    if (bound <= last_bound) faults.push_back(name + ": bounds do not rise");
    if (sample.value < last_count) faults.push_back(name + ": buckets are not cumulative");
    last_bound = bound;
    last_count = sample.value;
  }
  if (!std::isinf(last_bound)) faults.push_back(name + " has no bucket +Inf");
  if (last_count != count) faults.push_back(name + ": the last bucket is not the count");
  if (!sum) faults.push_back(name + " has no sum");
}

}  // namespace

Exposition read_exposition(const std::string& text) {
  Exposition read;
  std::istringstream lines(text);
  std::string present;
  if (!text.ends_with('\n')) read.faults.emplace_back("the last line has no end");
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string hash, what, name, rest;
    if (line.starts_with("# ")) {
      words >> hash >> what >> name;
      std::getline(words >> std::ws, rest);
      auto& family = read.families[name];
      auto& told = what == "HELP" ? family.help : family.type;
      if ((what != "HELP" && what != "TYPE") || !told.empty() || !family.samples.empty())
        read.faults.push_back("out of place: " + line);
      told = rest;
      present = name;
      continue;
    }
    const auto sample = read_sample(line);
    if (!sample) {
      read.faults.push_back("no sample: " + line);
      continue;
    }
    if (family_of(read, sample->name) != present) read.faults.push_back("not with its family: " + line);
    read.families[family_of(read, sample->name)].samples.push_back(*sample);
  }
  for (const auto& [name, family] : read.families) {
    judge_family(name, family, read.faults);
    if (family.type == "histogram") judge_histogram(name, family, read.faults);
  }
  return read;
}

double Exposition::value(const std::string& name, const Labels& labels) const {
  const auto family = families.find(family_of(*this, name));
  if (family == families.end()) return std::nan("");
  for (const auto& sample : family->second.samples)
    if (sample.name == name && sample.labels == labels) return sample.value;
  return std::nan("");
}

double Exposition::sum(const std::string& name) const {
  double sum = 0;
  const auto family = families.find(family_of(*this, name));
  if (family == families.end()) return std::nan("");
  for (const auto& sample : family->second.samples)
    if (sample.name == name) sum += sample.value;
  return sum;
}

std::map<std::string, std::set<std::string>> Exposition::series() const {
  std::map<std::string, std::set<std::string>> series;
  for (const auto& [family, told] : families)
    for (const auto& sample : told.samples) {
      auto& labels = series[sample.name];
      for (const auto& [label, value] : sample.labels) labels.insert(label);
    }
  return series;
}

}  // namespace test
