#include "tests/bench/whole_job/figures/run.h"

#include <stdexcept>

#include "tests/bench/spread.h"

namespace whole_job {

double number_in(const std::string& json, const std::string& name) {
  const std::string member = "\"" + name + "\":";
  const auto at = json.find(member);
  if (at == std::string::npos) throw std::runtime_error("there is no " + name + " in " + json);
  return std::stod(json.substr(at + member.size()));
}

Run median(const std::vector<Run>& runs) {
  const auto of = [&](double Run::* figure) {
    bench::Spread spread;
    for (const Run& run : runs) spread.add(run.*figure);
    return spread.median();
  };
  return {.resources = of(&Run::resources),
          .seconds = of(&Run::seconds),
          .cpu = of(&Run::cpu),
          .server_cpu = of(&Run::server_cpu),
          .peak_mib = of(&Run::peak_mib),
          .pages = of(&Run::pages),
          .entries = of(&Run::entries)};
}

}  // namespace whole_job
