#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/null_fhir/compartment.h"
#include "tests/bench/null_fhir/forms.h"
#include "tests/bench/null_fhir/outgoing.h"
#include "tests/bench/null_fhir/request.h"

namespace null_fhir {

/// The one token that is let in, and the one account that may be written.
inline constexpr std::string_view token = "bench";
inline constexpr std::string_view account_id = "6f0c2f60-0e0b-4d8e-9a65-1f7d3c1f2b77";

/// How pages follow each other: as Medplum's releases 5.1.18 to 5.1.21 have it, or as those from 5.1.22 on.
enum class Paging { offset, cursor };

struct Shape {
  std::uint64_t resources = 20'000;  ///< of each patient, the Patient among them
  std::uint64_t patients = 1;
  Paging paging = Paging::offset;
};

/// As much of Medplum as a job meets, and nothing slow. Resource n of patient p has the index p * resources + n.
class Service {
 public:
  /// `origin` is what its links begin with: http://127.0.0.1:1234
  Service(const Shape& shape, const std::string& origin);

  void answer(const Request& request, Outgoing& out);
  /// What was counted so far, a line of JSON.
  std::string verdict() const;

 private:
  struct Counts {
    std::uint64_t pages = 0, entries = 0, reads = 0;
    std::uint64_t written = 0;     ///< PATCHes that were right in all
    std::uint64_t duplicates = 0;  ///< of them, to what had been written before
    std::uint64_t wrong = 0;       ///< requests that are none of a right job
  };
  struct Found {
    Compartment* compartment;
    Row row;
  };

  void get(const Request& request, Outgoing& out);
  void patch(const Request& request, Outgoing& out);
  void refuse(unsigned status, std::string_view why, Outgoing& out);
  /// The resource of a path like /fhir/R4/Type/id.
  std::optional<Found> named(std::string_view path);
  const Form& form_of(const Found& found) const;

  Shape shape_;
  std::string base_;  ///< …/fhir/R4/
  std::vector<Compartment> compartments_;
  std::vector<Form> forms_;  ///< the Patient's first
  std::string right_patch_;  ///< all of it but the version
  std::size_t where_version_ = 0;
  Counts counts_;
};

}  // namespace null_fhir
