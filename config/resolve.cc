#include "config/resolve.h"

#include <algorithm>
#include <optional>

#include "config/credential.h"
#include "config/url.h"

namespace config {
namespace {

/// Text for an option and where it stands.
struct Found {
  std::string text;
  std::string source;
};

/// An empty variable is as good as none: that is how container tools hand over what was left open.
std::optional<Found> find(const Option& option, const Sources& sources) {
  const auto flag = sources.flags.find(option.name);
  if (flag != sources.flags.end()) return Found{flag->second, "flag"};
  const std::string variable = variable_of(option.name);
  const auto in_environment = sources.environment.variable(variable);
  if (in_environment && !in_environment->empty()) return Found{*in_environment, variable};
  const auto in_file = sources.file.find(option.name);
  if (in_file != sources.file.end()) return Found{in_file->second, "file " + sources.file_name};
  const auto credentials = sources.environment.variable("CREDENTIALS_DIRECTORY").value_or("");
  if (auto credential = credential_for(option.name, credentials)) return Found{std::move(*credential), "credential"};
  return std::nullopt;
}

bool may_stand_in_file(std::string_view key) {
  return std::ranges::any_of(
      options(), [key](const Option& option) { return option.name == key && !option.only_from_environment; });
}

void refuse_unknown_keys(const Sources& sources) {
  std::string unknown;
  for (const auto& [key, value] : sources.file)
    if (!may_stand_in_file(key)) unknown.append(unknown.empty() ? "" : ", ").append(key);
  if (!unknown.empty())
    throw BadUsage(sources.file_name + ": there is no such setting as " + unknown +
                   " (keys are the flags of set-accounts worker --help, without the dashes)");
}

void refuse_password_in_flag(const TextByName& flags) {
  const auto url = flags.find("redis-url");
  if (url == flags.end()) return;
  if (has_password(url->second) || (!is_redis_url(url->second) && may_hide_password(url->second)))
    throw BadUsage(
        "--redis-url: a password in a flag can be read in every process list; use --redis-password-file, or put the "
        "URL into SET_ACCOUNTS_REDIS_URL or the file");
}

void apply(const Option& option, const Found& found, Settings& settings) {
  const auto allowed = option.kind.set(settings, found.text);
  if (!allowed) return;
  const bool in_flag = found.source == "flag";
  const bool hidden = option.only_from_environment || may_hide_password(found.text);
  throw BadUsage("--" + std::string(option.name) + (in_flag ? "" : " (" + found.source + ")") + ": " +
                 not_allowed(hidden ? "***" : found.text, *allowed));
}

SettingInForce in_force(const Option& option, const Settings& settings, const std::optional<Found>& found) {
  return {.name = std::string(option.name),
          .value = option.kind.show(settings),
          .source = found ? found->source : "default"};
}

void refuse_what_does_not_go_together(const Settings& settings) {
  const Fhir& fhir = settings.fhir;
  const bool has_secret = !fhir.client_secret.empty() || !fhir.client_secret_file.empty();
  if (!fhir.client_secret.empty() && !fhir.client_secret_file.empty())
    throw BadUsage("--client-secret-file and SET_ACCOUNTS_CLIENT_SECRET are both set; give one");
  if (!fhir.client_id.empty() && !has_secret)
    throw BadUsage(
        "--client-id needs its secret: --client-secret-file, SET_ACCOUNTS_CLIENT_SECRET, or in $CREDENTIALS_DIRECTORY "
        "(of the packaged service: /etc/set-accounts/credentials) a file client-secret that is not empty");
  if (fhir.client_id.empty() && has_secret) throw BadUsage("a client secret is set, but --client-id is not");
  if (!fhir.client_id.empty() && !fhir.token_file.empty())
    throw BadUsage("--client-id and --token-file are both set; give one");
  if (settings.redis.cert_file.empty() != settings.redis.key_file.empty())
    throw BadUsage("--redis-cert-file and --redis-key-file are set together or not at all");
  if (settings.http.tls_cert_file.empty() != settings.http.tls_key_file.empty())
    throw BadUsage("--tls-cert-file and --tls-key-file are set together or not at all");
}

}  // namespace

Resolved resolve(const Sources& sources, Audience audience) {
  refuse_unknown_keys(sources);
  refuse_password_in_flag(sources.flags);
  Resolved resolved;
  resolved.settings.log.format = sources.environment.terminal ? LogFormat::text : LogFormat::json;
  for (const Option& option : options()) {
    if (!concerns(option, audience)) continue;
    const auto found = find(option, sources);
    if (found) apply(option, *found, resolved.settings);
    resolved.in_force.push_back(in_force(option, resolved.settings, found));
  }
  refuse_what_does_not_go_together(resolved.settings);
  return resolved;
}

}  // namespace config
