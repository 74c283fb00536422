#include "tests/soak/flat.h"

#include <algorithm>
#include <iomanip>
#include <sstream>
#include <stdexcept>

namespace soak {
namespace {

double median(std::vector<double>::const_iterator begin, std::vector<double>::const_iterator end) {
  std::vector<double> values(begin, end);
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

Trend trend_of(const Series& series) {
  const std::vector<double>& values = series.values;
  if (values.size() < 3) throw std::invalid_argument(series.name + ": too few measurements");
  const auto third = static_cast<std::ptrdiff_t>(values.size() / 3);
  Trend trend;
  trend.first = median(values.begin(), values.begin() + third);
  trend.middle = median(values.begin() + third, values.end() - third);
  trend.last = median(values.end() - third, values.end());
  trend.most = *std::ranges::max_element(values);
  trend.flat = trend.last <= trend.middle * (1 + series.may_grow) + series.may_add;
  return trend;
}

std::string shown(const Series& series) {
  const Trend trend = trend_of(series);
  std::ostringstream text;
  text << std::left << std::setw(26) << series.name << std::fixed << std::setprecision(0) << trend.first << " / "
       << trend.middle << " / " << trend.last << " " << series.unit << ", at most " << trend.most << ": "
       << (trend.flat ? "flat  ok" : "grows  WRONG");
  return text.str();
}

}  // namespace soak
