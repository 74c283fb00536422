#pragma once

#include "config/settings.h"
#include "fhir/base_url.h"

namespace fhir {

/// What --fhir-url and --token-url say; both throw std::invalid_argument naming the one that is wrong.
BaseUrl base_url_of(const config::Fhir& settings);
Url token_url_of(const config::Fhir& settings, const BaseUrl& base);

}  // namespace fhir
