#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "tests/bench/null_fhir/compartment.h"
#include "tests/bench/null_fhir/forms.h"
#include "tests/bench/null_fhir/outgoing.h"
#include "tests/bench/null_fhir/page.h"

namespace null_fhir {

void answer_json(unsigned status, std::string_view body, Outgoing& out);
/// 200 with the resource, its version as ETag, and the dates that Medplum gives.
void answer_resource(const Compartment& compartment, const Row& row, const Form& form, Outgoing& out);
/// `everything` is the URL that was asked, without a query.
void answer_page(const Compartment& compartment, const Page& page, const std::string& everything,
                 const std::function<const Form&(const Row&)>& form_of, Outgoing& out);

}  // namespace null_fhir
