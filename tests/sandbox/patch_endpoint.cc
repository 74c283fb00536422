#include "sandbox/patch_endpoint.h"

#include <algorithm>
#include <array>
#include <optional>

#include "sandbox/account_rule.h"
#include "sandbox/compartment.h"
#include "sandbox/instant.h"
#include "sandbox/json_patch.h"
#include "sandbox/outcome.h"
#include "sandbox/resource_view.h"

namespace sandbox {
namespace {

std::string_view trimmed_media_type(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return type;
}

bool is_json(std::string_view content_type) {
  const std::string_view type = trimmed_media_type(content_type);
  return type == "application/json" || (type.starts_with("application/") && type.ends_with("+json"));
}

/// The first quoted string of an If-Match; unquoted is no condition.
std::optional<std::string_view> wanted_version(std::string_view if_match) {
  const std::size_t begin = if_match.find('"');
  const std::size_t end = begin == std::string_view::npos ? begin : if_match.find('"', begin + 1);
  if (end == std::string_view::npos || end == begin + 1) return std::nullopt;
  return if_match.substr(begin + 1, end - begin - 1);
}

bool contains_null(const JsonValue& value) {
  if (value.IsArray()) return std::ranges::any_of(value.GetArray(), contains_null);
  if (!value.IsObject()) return value.IsNull();
  return std::ranges::any_of(value.GetObject(), [](const auto& each) { return contains_null(each.value); });
}

bool is_account(const JsonValue& value) {
  static constexpr std::array known = {"id", "extension", "reference", "type", "identifier", "display"};
  if (!value.IsObject() || value.ObjectEmpty()) return false;
  const JsonValue* reference = member(value, "reference");
  if (reference && !reference->IsString()) return false;
  return std::ranges::all_of(
      value.GetObject(), [](const auto& each) { return std::ranges::find(known, text_of(each.name)) != known.end(); });
}

/// The part of the server's validation that a patch of accounts can meet.
std::optional<std::string> invalid(const JsonValue& resource, const Record& record) {
  if (!resource.IsObject() || text_member(resource, "resourceType") != record.type) return "Invalid resource type";
  if (text_member(resource, "id") != record.id) return "Incorrect ID";
  if (contains_null(resource)) return "Invalid null value";
  const JsonValue* meta = member(resource, "meta");
  if (!meta) return std::nullopt;
  if (!meta->IsObject()) return "Expected single value for property (" + record.type + ".meta)";
  const JsonValue* accounts = member(*meta, "accounts");
  if (accounts != nullptr && !accounts->IsArray())
    return "Expected array for property (" + record.type + ".meta.accounts)";
  if (accounts != nullptr && !std::ranges::all_of(accounts->GetArray(), is_account)) {
    return "Invalid Reference (" + record.type + ".meta.accounts)";
  }
  const JsonValue* account = member(*meta, "account");
  if (account != nullptr && !is_account(*account)) return "Invalid Reference (" + record.type + ".meta.account)";
  return std::nullopt;
}

void allow_accounts(const World& world, Json& resource, const Asked& asked, bool admin) {
  const bool for_somebody_else = !asked.header("x-medplum-on-behalf-of").empty();  // whose rights then count
  if (asked.extended() && !for_somebody_else && admin) return;
  JsonAllocator& allocator = resource.GetAllocator();
  set_accounts(resource, inherited_accounts(world, resource, allocator), allocator);
}

}  // namespace

Patched patch(World& world, const Asked& asked, const ServerOptions& options, PatchTerms terms) {
  if (!is_json(asked.header("content-type"))) return {bad_request("Invalid patch body")};
  const std::optional<Json> operations = parse(asked.body);
  if (!operations) return {bad_request("Content could not be parsed")};
  if (!operations->IsArray()) return {bad_request("Invalid patch body")};
  const Record* record = world.find(asked.reference);
  if (!record) return {not_found()};
  if (record->deleted()) return {gone()};

  Json resource = parsed(record->text());
  if (const auto failed = apply_patch(resource, *operations)) return {bad_request(*failed)};
  if (const auto why = invalid(resource, *record)) return {bad_request(*why)};
  const auto wanted = options.if_match ? wanted_version(asked.header("if-match")) : std::nullopt;
  if (wanted && *wanted != record->current().id) return {precondition_failed()};
  if (terms.ignored) return {resource_answer(*record, asked, options)};
  if (!member(resource, "meta")) resource.AddMember("meta", rapidjson::kObjectType, resource.GetAllocator());
  allow_accounts(world, resource, asked, terms.admin);
  const World::Written written = world.put(std::move(resource));
  return {resource_answer(*written.record, asked, options), written.changed};
}

Answer resource_answer(const Record& record, const Asked& asked, const ServerOptions& options) {
  Answer answer;
  const Version& version = record.current();
  if (options.etag) answer.headers.emplace_back("ETag", "W/\"" + version.id + "\"");
  answer.headers.emplace_back("Last-Modified", http_date(version.last_updated));
  answer.body = ResourceView(options, asked.extended()).text(record.text());
  return answer;
}

}  // namespace sandbox
