#include "tests/bench/null_fhir/service.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "tests/bench/null_fhir/answers.h"
#include "tests/bench/null_fhir/names.h"
#include "tests/bench/null_fhir/page.h"

namespace null_fhir {
namespace {

constexpr std::string_view prefix = "/fhir/R4/";

/// The one patch that is right for a resource at this version.
std::string right_patch(std::string_view version) {
  const std::string account = R"({"reference":"Organization/)" + std::string(account_id) + "\"}";
  return R"([{"op":"test","path":"/meta/versionId","value":")" + std::string(version) +
         R"("},{"op":"add","path":"/meta/accounts","value":[)" + account +
         R"(]},{"op":"add","path":"/meta/account","value":)" + account + "}]";
}

bool is_let_in(const Request& request) {
  constexpr std::string_view scheme = "Bearer ";
  return request.authorization.starts_with(scheme) && request.authorization.substr(scheme.size()) == token;
}

}  // namespace

Service::Service(const Shape& shape, const std::string& origin)
    : shape_(shape),
      base_(origin + std::string(prefix)),
      forms_(forms_of_compartment(base_, std::string(account_id))),
      right_patch_(right_patch(std::string(uuid_size, '.'))) {
  where_version_ = right_patch_.find('.');
  for (std::uint64_t patient = 0; patient < shape.patients; ++patient)
    compartments_.emplace_back(patient * shape.resources, shape.resources);
}

void Service::answer(const Request& request, Outgoing& out) {
  if (request.path == "/bench/verdict") return answer_json(200, verdict(), out);
  if (request.path == "/fhir/R4/metadata")
    return answer_json(200, R"({"resourceType":"CapabilityStatement","software":{"name":"null","version":"5.1.28"}})",
                       out);
  if (!is_let_in(request)) return refuse(401, "Unauthorized", out);
  if (request.path == "/auth/me") return answer_json(200, R"({"project":{},"membership":{"admin":true}})", out);
  if (request.method == "PATCH") return patch(request, out);
  if (request.method == "GET") return get(request, out);
  refuse(400, "Not known here", out);
}

void Service::get(const Request& request, Outgoing& out) {
  constexpr std::string_view everything = "/$everything";
  const bool page = request.path.ends_with(everything);
  std::string_view path = request.path;
  if (page) path.remove_suffix(everything.size());
  const auto found = named(path);
  if (!found) return refuse(404, "Not found", out);
  const Form& form = form_of(*found);
  if (!page) {
    ++counts_.reads;
    return answer_resource(*found->compartment, found->row, form, out);
  }
  if (found->row.index != found->compartment->first()) return refuse(404, "Not found", out);
  PageRequest wanted;
  if (!read_page_request(request, shape_.paging == Paging::cursor, wanted)) return refuse(400, "Invalid query", out);
  const Page rows = page_of(*found->compartment, wanted);
  ++counts_.pages;
  counts_.entries += rows.rows.size();
  const auto form_of_row = [&](const Row& row) -> const Form& { return form_of({found->compartment, row}); };
  answer_page(*found->compartment, rows, base_ + std::string(request.path.substr(prefix.size())), form_of_row, out);
}

void Service::patch(const Request& request, Outgoing& out) {
  const auto found = named(request.path);
  if (!found) return refuse(404, "Not found", out);
  if (!request.extended || request.content_type != "application/json-patch+json")
    return refuse(400, "Invalid patch", out);

  std::array<char, uuid_size> version;
  write_version(version.data(), found->row.index, found->row.position);
  const std::string_view current(version.data(), version.size());
  const bool matches = request.if_match.size() == uuid_size + 4 && request.if_match.starts_with("W/\"") &&
                       request.if_match.substr(3, uuid_size) == current;
  if (!matches) return refuse(412, "Precondition Failed", out);
  std::ranges::copy(current, right_patch_.begin() + static_cast<std::ptrdiff_t>(where_version_));
  if (request.body != right_patch_) return refuse(400, "Not the right patch", out);

  Compartment& compartment = *found->compartment;
  ++counts_.written;
  if (compartment.written(found->row)) ++counts_.duplicates;
  compartment.write(found->row.index);
  answer_resource(compartment, compartment.row(found->row.index), form_of(*found), out);
}

void Service::refuse(unsigned status, std::string_view why, Outgoing& out) {
  ++counts_.wrong;
  answer_json(status,
              R"({"resourceType":"OperationOutcome","id":"refused","issue":[{"severity":"error","code":"invalid",)"
              R"("details":{"text":")" +
                  std::string(why) + "\"}}]}",
              out);
}

std::string Service::verdict() const {
  const auto never = std::accumulate(compartments_.begin(), compartments_.end(), std::uint64_t{0},
                                     [](std::uint64_t sum, const Compartment& c) { return sum + c.never_written(); });
  const auto member = [](std::string_view name, std::uint64_t value) {
    return "\"" + std::string(name) + "\":" + std::to_string(value);
  };
  return "{" + member("resources", shape_.resources * shape_.patients) + "," + member("pages", counts_.pages) + "," +
         member("entries", counts_.entries) + "," + member("reads", counts_.reads) + "," +
         member("written", counts_.written) + "," + member("duplicates", counts_.duplicates) + "," +
         member("wrong", counts_.wrong) + "," + member("never_written", never) + "}\n";
}

std::optional<Service::Found> Service::named(std::string_view path) {
  if (!path.starts_with(prefix)) return std::nullopt;
  path.remove_prefix(prefix.size());
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto index = index_of(path.substr(slash + 1));
  if (!index || *index / shape_.resources >= compartments_.size()) return std::nullopt;
  Compartment& compartment = compartments_[*index / shape_.resources];
  const Found found{&compartment, compartment.row(*index)};
  if (form_of(found).type != path.substr(0, slash)) return std::nullopt;
  return found;
}

/// The Patient has a form of its own, the others take turns.
const Form& Service::form_of(const Found& found) const {
  const std::uint64_t row = found.row.index - found.compartment->first();
  return row == 0 ? forms_[0] : forms_[1 + row % (forms_.size() - 1)];
}

}  // namespace null_fhir
