#include "fhir/server_urls.h"

#include <stdexcept>
#include <utility>

namespace fhir {

BaseUrl base_url_of(const config::Fhir& settings) {
  auto base = parse_base_url(settings.url);
  if (!base) throw std::invalid_argument("--fhir-url " + base.error());
  return std::move(*base);
}

Url token_url_of(const config::Fhir& settings, const BaseUrl& base) {
  if (settings.token_url.empty()) return {base.origin, base.root + "/oauth2/token", ""};
  auto url = parse_url(settings.token_url);
  if (!url) throw std::invalid_argument("--token-url " + url.error());
  return std::move(*url);
}

}  // namespace fhir
