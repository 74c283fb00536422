#include "sandbox/served_patient.h"

namespace sandbox {

std::string ServedPatient::accounts(const std::string& reference) {
  const Json resource = get(reference).json();
  const JsonValue* accounts = member(*member(resource, "meta"), "accounts");
  std::string text;
  if (!accounts) return text;
  for (const JsonValue& each : accounts->GetArray()) {
    text += (text.empty() ? "" : " ") + std::string(text_member(each, "reference"));
  }
  return text;
}

std::string next_of(const Reply& page) {
  const Json bundle = page.json();
  for (const JsonValue& link : bundle["link"].GetArray()) {
    if (text_member(link, "relation") == "next") return std::string(text_member(link, "url"));
  }
  return "";
}

std::vector<std::string> entries(const Reply& page, std::string_view mode) {
  std::vector<std::string> references;
  const Json bundle = page.json();
  for (const JsonValue& entry : bundle["entry"].GetArray()) {
    const JsonValue* search = member(entry, "search");
    if (search && text_member(*search, "mode") != mode) continue;
    const JsonValue& resource = entry["resource"];
    references.push_back(std::string(text_member(resource, "resourceType")) + "/" +
                         std::string(text_member(resource, "id")));
  }
  return references;
}

std::string set_accounts_patch(const std::vector<std::string>& accounts) {
  if (accounts.empty())
    return R"([{"op":"add","path":"/meta/accounts","value":[]},{"op":"remove","path":"/meta/account"}])";
  return R"([{"op":"add","path":"/meta/accounts","value":)" + accounts_json(accounts) +
         R"(},{"op":"add","path":"/meta/account","value":{"reference":")" + accounts.front() + R"("}}])";
}

}  // namespace sandbox
