#include "worker/output.h"

#include "fhir/parameters.h"

namespace worker {
namespace {

fhir::OutputParameter count(std::string name, std::uint64_t value) {
  return {std::move(name), static_cast<std::int64_t>(value), ""};
}

}  // namespace

std::string output_of(const Request& request, const queue::Counts& counts) {
  std::vector<fhir::OutputParameter> parameters{count("resourcesUpdated", counts.updated)};
  if (request.dry_run) {
    parameters.push_back(count("resourcesToWrite", counts.to_write));
  } else {
    parameters.push_back(count("resourcesWritten", counts.written));
  }
  parameters.push_back(count("resourcesUnchanged", counts.unchanged));
  parameters.push_back(count("resourcesGone", counts.gone));
  parameters.push_back(count("resourcesFailed", counts.failed));
  parameters.push_back(count("resourcesTotal", counts.total));
  if (request.propagate && !request.sweeps())
    parameters.push_back(
        {"message", std::nullopt,
         "propagate had no effect: only a Patient has a compartment, a " + request.target.type + " has none"});
  return fhir::parameters_json(parameters);
}

std::string failure_of(const queue::Progress& progress) {
  std::string sentence = std::to_string(progress.counts.failed) + " of " + std::to_string(progress.counts.total) +
                         " resources could not be updated; see the failure list";
  if (!progress.failures.empty()) sentence += ", which begins with " + progress.failures.front();
  return sentence;
}

}  // namespace worker
