#include "sandbox/trespass.h"

#include <algorithm>

#include "sandbox/compartment.h"

namespace sandbox {
namespace {

bool allows(const Request& request, const CommittedPatch& patch) {
  if (patch.reference == request.target) return true;
  const std::string_view type = type_of(patch.reference);
  if (!request.propagate || type == "Patient" || type == "Binary") return false;
  return std::ranges::find(patch.compartments, request.target) != patch.compartments.end();
}

std::string shown(const std::vector<std::string>& compartments) {
  std::string text;
  for (const std::string& patient : compartments) text += (text.empty() ? "" : ", ") + patient;
  return text.empty() ? "nobody" : text;
}

}  // namespace

std::vector<std::string> trespasses(const std::vector<CommittedPatch>& patches, const std::vector<Request>& requests) {
  std::vector<std::string> lines;
  for (const CommittedPatch& patch : patches) {
    if (std::ranges::any_of(requests, [&](const Request& request) { return allows(request, patch); })) continue;
    lines.push_back(patch.reference + ": was no target and no member of one's compartment, but of " +
                    shown(patch.compartments) + ", when a PATCH made its version " + patch.version);
  }
  return lines;
}

}  // namespace sandbox
