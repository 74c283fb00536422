#include "worker/http/metrics/families.h"

#include <limits>

namespace worker::http {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

ClientMetric metric_of(const Sample& sample, MetricType type) {
  ClientMetric metric;
  for (const auto& [name, value] : sample.labels) metric.label.push_back({name, value});
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = sample.value;
  return metric;
}

void add(Families& families, MetricFamily family, const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) family.metric.push_back(metric_of(sample, family.type));
  families.push_back(std::move(family));
}

}  // namespace

void add_gauge(Families& families, std::string name, std::string help, std::vector<Sample> samples) {
  add(families, {std::move(name), std::move(help), MetricType::Gauge, {}}, samples);
}

void add_gauge(Families& families, std::string name, std::string help, double value) {
  add_gauge(families, std::move(name), std::move(help), {{{}, value}});
}

void add_counter(Families& families, std::string name, std::string help, std::vector<Sample> samples) {
  add(families, {std::move(name), std::move(help), MetricType::Counter, {}}, samples);
}

void add_counter(Families& families, std::string name, std::string help, double value) {
  add_counter(families, std::move(name), std::move(help), {{{}, value}});
}

void add_histogram(Families& families, std::string name, std::string help, std::vector<double> bounds,
                   std::vector<double> counts, double sum) {
  bounds.push_back(std::numeric_limits<double>::infinity());
  ClientMetric metric;
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    cumulative += static_cast<std::uint64_t>(counts[i]);
    metric.histogram.bucket.push_back({cumulative, bounds[i]});
  }
  metric.histogram.sample_count = cumulative;
  metric.histogram.sample_sum = sum;
  families.push_back({std::move(name), std::move(help), MetricType::Histogram, {std::move(metric)}});
}

}  // namespace worker::http
