#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace test {

/// A scrape, read strictly: Prometheus' text format, and what its conventions ask of names.
struct Exposition {
  using Labels = std::map<std::string, std::string>;
  struct Sample {
    std::string name;
    Labels labels;
    double value = 0;
  };
  struct Family {
    std::string type;
    std::string help;
    std::vector<Sample> samples;
  };
  std::map<std::string, Family> families;
  std::vector<std::string> faults;  ///< a sentence each

  /// Of the one series that has these labels, and no others; NaN if there is none.
  double value(const std::string& name, const Labels& labels = {}) const;
  /// Over all series of that name.
  double sum(const std::string& name) const;
  /// The names of all series, e.g. also `x_bucket` of a histogram `x`, with the labels that they have.
  std::map<std::string, std::set<std::string>> series() const;
};

Exposition read_exposition(const std::string& text);

}  // namespace test
