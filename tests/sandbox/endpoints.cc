#include "sandbox/endpoints.h"

#include "sandbox/compartment.h"
#include "sandbox/included.h"
#include "sandbox/outcome.h"
#include "sandbox/patch_endpoint.h"
#include "sandbox/quota_telling.h"
#include "sandbox/resource_view.h"

namespace sandbox {
namespace {

Answer json_answer(std::string body) {
  Answer answer;
  answer.content_type = "application/json; charset=utf-8";
  answer.body = std::move(body);
  return answer;
}

void redirect(Page& page, const Fault& fault) {
  for (Link& link : page.links) {
    if (link.relation != "next") continue;
    const std::size_t path = link.url.find('/', link.url.find("://") + 3);
    const std::size_t query = link.url.find('?');
    if (fault.kind == FaultKind::next_origin) link.url = fault.url + link.url.substr(path);
    if (fault.kind == FaultKind::next_path) link.url = link.url.substr(0, path) + fault.url + link.url.substr(query);
  }
}

/// The page leads to itself.
void make_loop(Page& page, const std::string& url) {
  std::erase_if(page.links, [](const Link& link) { return link.relation == "next"; });
  page.links.push_back({"next", url});
}

void bend_links(Page& page, const std::optional<Fault>& fault, const std::string& own_url) {
  if (fault && fault->kind == FaultKind::next_loop) make_loop(page, own_url);
  if (fault) redirect(page, *fault);
}

bool is_fhir(RequestKind kind) {
  return kind == RequestKind::read || kind == RequestKind::patch || kind == RequestKind::page;
}

}  // namespace

Endpoints::Endpoints(const ServerOptions& options)
    : options_(options),
      world_(options.world),
      tokens_(options.tokens, options.world.author, options.world.project),
      fhir_quota_(options.quota, options.quota_window),
      request_quota_(options.request_quota, options.quota_window) {}

Answer Endpoints::answer(const Asked& asked, const std::optional<Fault>& fault) {
  const auto now = Quota::Clock::now();
  const bool allowed = request_quota_.charge(1, now);
  const long wait = request_quota_.until_reset(now).count();
  Answer answer =
      allowed ? route(asked, fault) : too_many_requests(request_quota_.consumed(), request_quota_.limit(), wait);
  tell_quotas(answer, options_, {{"requests", request_quota_}, {"fhirInteractions", fhir_quota_}});
  if (is_fhir(asked.kind) && asked.header("prefer") == "return=minimal") answer.body.clear();
  return answer;
}

Answer Endpoints::route(const Asked& asked, const std::optional<Fault>& fault) {
  switch (asked.kind) {
    case RequestKind::token:
      return tokens_.grant(asked, Tokens::Clock::now());
    case RequestKind::metadata:
      return metadata();
    case RequestKind::health:
      return health();
    case RequestKind::me:
    case RequestKind::read:
    case RequestKind::page:
    case RequestKind::patch: {
      if (asked.kind == RequestKind::me && !options_.auth_me) return not_found();
      const auto who = caller(asked);
      if (const auto* refused = std::get_if<Answer>(&who)) return *refused;
      const auto& person = std::get<Person>(who);
      return asked.kind == RequestKind::me ? me(person) : fhir(person, asked, fault);
    }
    case RequestKind::any:
    case RequestKind::control:
    case RequestKind::other:
      break;
  }
  return not_found();
}

Answer Endpoints::fhir(const Person& caller, const Asked& asked, const std::optional<Fault>& fault) {
  const bool known = is_reference(asked.reference) && (!options_.world.uuid_ids || is_uuid(id_of(asked.reference)));
  const bool search = asked.kind == RequestKind::page && !asked.path.ends_with("/$everything");
  if (!known && !search) return not_found();
  if (const auto hidden = hidden_from(caller, asked)) return *hidden;
  if (asked.kind == RequestKind::read) return read(asked);
  return asked.kind == RequestKind::patch ? patch(caller, asked, fault) : page(asked, fault);
}

Answer Endpoints::read(const Asked& asked) {
  if (moments_.before_read) moments_.before_read(world_, ++reads_, asked.reference);
  if (auto refused = charge(1)) return *refused;
  const Record* record = world_.find(asked.reference);
  if (!record) return not_found();
  return record->deleted() ? gone() : resource_answer(*record, asked, options_);
}

Answer Endpoints::patch(const Person& caller, const Asked& asked, const std::optional<Fault>& fault) {
  if (moments_.before_patch) moments_.before_patch(world_, ++patches_, asked.reference);
  if (auto refused = charge(100)) return *refused;
  const bool ignored = fault && fault->kind == FaultKind::ignore_write;
  const Record* record = world_.find(asked.reference);
  CommittedPatch committed{asked.reference, "", record ? record->compartments : std::vector<std::string>()};
  const Patched patched = sandbox::patch(world_, asked, options_, {ignored, caller.admin || caller.super_admin});
  if (patched.changed) {
    ++counters_.writes[asked.reference];
    committed.version = record->current().id;
    committed_patches_.push_back(std::move(committed));
  }
  if (!patched.changed && !ignored && patched.answer.status == 200) ++counters_.wasted_writes;
  if (moments_.after_patch) moments_.after_patch(world_, patches_, asked.reference);
  return patched.answer;
}

Answer Endpoints::page(const Asked& asked, const std::optional<Fault>& fault) {
  if (moments_.before_page) moments_.before_page(world_, ++pages_, asked.reference);
  const auto request = page_request(asked, options_);
  if (const auto* refused = std::get_if<Answer>(&request)) return *refused;
  const auto& wanted = std::get<PageRequest>(request);
  if (auto refused = charge(wanted.everything ? 21 : 20)) return *refused;
  const Record* patient = world_.find(wanted.patient);
  if (wanted.everything && (!patient || patient->type != "Patient")) return not_found();
  if (wanted.everything && patient->deleted()) return gone();
  auto page = page_of(world_, wanted, options_, base_);
  if (const auto* refused = std::get_if<Answer>(&page)) return *refused;
  bend_links(std::get<Page>(page), fault, base_ + asked.target.substr(1));
  return bundle(asked, std::get<Page>(page), wanted.everything);
}

Answer Endpoints::bundle(const Asked& asked, const Page& page, bool with_includes) {
  const ResourceView view(options_, asked.extended());
  std::string body = R"({"resourceType":"Bundle","type":"searchset","entry":[)";
  const auto add = [&](const Record* record, const char* mode) {
    if (body.back() != '[') body += ',';
    body += R"({"fullUrl":")" + base_ + "fhir/R4/" + record->reference() + "\"";
    if (options_.search_mode) body += R"(,"search":{"mode":")" + std::string(mode) + "\"}";
    body += ",\"resource\":" + view.text(record->text()) + "}";
  };
  for (const Record* record : page.matches) add(record, "match");
  if (with_includes) {
    const std::vector<const Record*> more = included(world_, page.matches, view);
    if (auto refused = charge(static_cast<long>(more.size()))) return *refused;
    for (const Record* record : more) add(record, "include");
  }
  body += R"(],"link":[)";
  for (const Link& link : page.links) {
    if (body.back() != '[') body += ',';
    body += R"({"relation":")" + link.relation + R"(","url":")" + link.url + "\"}";
  }
  Answer answer;
  answer.body = std::move(body) + "]}";
  return answer;
}

Answer Endpoints::me(const Person& caller) const {
  const std::string project = caller.project.empty() ? options_.world.project : caller.project;
  std::string body = R"({"project":{"resourceType":"Project","id":")" + project + R"(","name":"Sandbox")";
  if (caller.super_admin) body += R"(,"superAdmin":true)";
  body += R"(},"membership":{"resourceType":"ProjectMembership","id":")" + caller.id + R"(","profile":{"reference":")" +
          caller.profile + "\"}";
  if (caller.admin) body += R"(,"admin":true)";
  body += R"(},"profile":{"resourceType":")" + std::string(type_of(caller.profile)) + R"(","id":")" +
          std::string(id_of(caller.profile)) + R"("},"config":{"resourceType":"UserConfiguration"})";
  if (!options_.access_policy.empty()) {
    body += R"(,"accessPolicy":{"resourceType":"AccessPolicy","name":")" + options_.access_policy + "\"}";
  }
  return json_answer(body + "}");
}

Answer Endpoints::metadata() const {
  Answer answer;
  answer.body = R"({"resourceType":"CapabilityStatement","status":"active","kind":"instance","fhirVersion":"4.0.1",)"
                R"("software":{"name":"Medplum","version":")" +
                options_.version + "\"}}";
  return answer;
}

Answer Endpoints::health() const {
  return json_answer(R"({"ok":true,"version":")" + options_.version + "\"}");
}

/// Who counts: the bearer of the token, or in whose name he asks, which is an admin's right.
std::variant<Person, Answer> Endpoints::caller(const Asked& asked) const {
  Person caller = own_client();
  if (!options_.auth) return caller;
  const Person* known = tokens_.bearer(asked.header("authorization"), Tokens::Clock::now());
  if (known == nullptr) return unauthorized(base_);
  if (known->id != caller.id) caller = *known;
  const std::string_view other = asked.header("x-medplum-on-behalf-of");
  if (other.empty() || asked.kind == RequestKind::patch) return caller;
  const Person* somebody = tokens_.find(other);
  if (!caller.admin && !caller.super_admin) return forbidden();
  if (somebody == nullptr) return forbidden();
  const Person own = own_client();
  return somebody->id == own.id ? own : *somebody;
}

Person Endpoints::own_client() const {
  Person client{.id = options_.tokens.client_id, .secret = {}, .profile = options_.world.author};
  client.admin = options_.admin;
  client.super_admin = options_.super_admin;
  return client;
}

/// Another project's resources are not there for a caller; what a policy keeps from him is.
std::optional<Answer> Endpoints::hidden_from(const Person& caller, const Asked& asked) const {
  if (!caller.project.empty() && caller.project != options_.world.project) return not_found();
  if (caller.forbidden.contains(type_of(asked.reference))) return forbidden();
  return std::nullopt;
}

std::optional<Answer> Endpoints::charge(long points) {
  if (options_.super_admin) return std::nullopt;
  const auto now = Quota::Clock::now();
  if (fhir_quota_.charge(points, now)) return std::nullopt;
  return too_many_requests(fhir_quota_.consumed(), fhir_quota_.limit(), fhir_quota_.until_reset(now).count());
}

}  // namespace sandbox
