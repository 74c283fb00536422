#pragma once

#include <prometheus/metric_family.h>
#include <string>
#include <utility>
#include <vector>

namespace worker::http {

using Families = std::vector<prometheus::MetricFamily>;
using Labels = std::vector<std::pair<std::string, std::string>>;

/// One line of a family.
struct Sample {
  Labels labels;
  double value = 0;
};

/// What may fall as well as rise.
void add_gauge(Families& families, std::string name, std::string help, std::vector<Sample> samples);
void add_gauge(Families& families, std::string name, std::string help, double value);
/// What only rises while the process lives, or, of the queue, for ever. The name ends in `_total`.
void add_counter(Families& families, std::string name, std::string help, std::vector<Sample> samples);
void add_counter(Families& families, std::string name, std::string help, double value);

/// Counts by bucket and their upper bounds in seconds; one count more than bounds.
void add_histogram(Families& families, std::string name, std::string help, std::vector<double> bounds,
                   std::vector<double> counts, double sum);

/// A config::Histogram. The name ends in `_seconds`.
template <class Histogram>
void add_histogram(Families& families, std::string name, std::string help, const Histogram& histogram) {
  std::vector<double> bounds, counts;
  for (const auto count : histogram.counts()) counts.push_back(static_cast<double>(count));
  for (std::size_t i = 0; i + 1 < counts.size(); ++i) bounds.push_back(Histogram::seconds_at(i));
  add_histogram(families, std::move(name), std::move(help), std::move(bounds), std::move(counts),
                static_cast<double>(histogram.sum().count()) / 1e9);
}

}  // namespace worker::http
