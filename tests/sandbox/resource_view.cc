#include "sandbox/resource_view.h"

namespace sandbox {

std::string ResourceView::text(std::string_view stored) const {
  if (extended_ && options_.compartment_in_meta) return std::string(stored);
  Json resource = parsed(stored);
  hide(resource);
  return to_text(resource);
}

void ResourceView::hide(Json& resource) const {
  JsonValue& meta = *member(resource, "meta");
  if (!extended_ || !options_.compartment_in_meta) remove_member(meta, "compartment");
  if (extended_) return;
  for (const char* name : {"author", "project", "account"}) remove_member(meta, name);
  if (options_.hide_accounts) remove_member(meta, "accounts");
}

}  // namespace sandbox
