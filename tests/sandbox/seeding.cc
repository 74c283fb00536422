#include "sandbox/seeding.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "sandbox/compartment.h"
#include "sandbox/identifiers.h"
#include "sandbox/seed_resources.h"

namespace sandbox {
namespace {

using References = std::vector<std::string>;

References together(References first, const References& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

/// `"accounts":[…]`, or nothing for none.
std::string accounts_member(const References& accounts) {
  return accounts.empty() ? "" : R"("accounts":)" + accounts_json(accounts);
}

std::string patient_json(const std::string& id, const References& accounts, const std::string& link) {
  std::string json = R"({"resourceType":"Patient","id":")" + id + R"(","meta":{"profile":["urn:sandbox:patient"])";
  if (!accounts.empty()) json += "," + accounts_member(accounts);
  json += R"(},"active":true,"name":[{"family":"Müller","given":["Ida","Jo"]}],"birthDate":"1961-05-04")";
  if (!link.empty()) json += R"(,"link":[{"other":{"reference":")" + link + R"("},"type":"seealso"}])";
  return json + "}";
}

class Seeder {
 public:
  Seeder(World& world, const Seeding& seeding) : world_(world), seeding_(seeding) {}

  Seeded seed() {
    seed_accounts();
    seed_bystanders();
    seed_patients();
    seed_stranger();
    for (std::size_t i = 0; i < seeding_.members; ++i) seed_member(i);
    return std::move(seeded_);
  }

 private:
  std::string id_for(std::string_view what, std::size_t n) const {
    std::string readable = seeding_.patient + "-" + std::string(what) + "-" + std::to_string(n);
    if (!seeding_.uuid_ids) return readable;
    return uuid(mixed(seeding_.seed) + std::hash<std::string>()(readable), n);
  }

  std::uint64_t random(std::size_t n) const { return mixed(seeding_.seed * 1'000'003 + n); }

  void outsider(std::string_view json) { seeded_.outsiders.push_back(world_.put(json).record->reference()); }

  void seed_accounts() {
    References accounts = together(seeding_.old_accounts, together(seeding_.other_accounts, seeding_.already));
    accounts.push_back(account(7));
    for (const std::string& reference : accounts) {
      if (type_of(reference) != "Organization" || world_.has(reference)) continue;
      outsider(R"({"resourceType":"Organization","id":")" + std::string(id_of(reference)) + R"(","name":"Tenant"})");
    }
  }

  void seed_bystanders() {
    static constexpr std::array<const char*, 6> names = {"organization", "practitioner", "location",
                                                         "role",         "medication",   "device"};
    fillings_["patient"] = "Patient/" + seeding_.patient;
    fillings_["n"] = "1";
    for (std::size_t i = 0; i < names.size(); ++i) {
      const SampleResource& sample = sample_bystanders()[i];
      fillings_["id"] = id_for(names.at(i), 1);
      fillings_[names.at(i)] = std::string(sample.type) + "/" + fillings_["id"];
      outsider(filled(sample, fillings_, "", random(i)));
    }
  }

  void seed_patients() {
    seeded_.target = "Patient/" + seeding_.patient;
    const std::string second = id_for("second", 1);
    seeded_.second = fillings_["second"] = "Patient/" + second;
    References second_accounts = {account(7)};
    if (!seeding_.old_accounts.empty()) second_accounts.insert(second_accounts.begin(), seeding_.old_accounts.front());
    const std::string linked = id_for("linked", 1);
    seeded_.linked = "Patient/" + linked;
    world_.put(patient_json(seeding_.patient, seeding_.old_accounts, ""));
    outsider(patient_json(second, second_accounts, ""));
    outsider(patient_json(linked, seeding_.old_accounts, seeded_.target));
  }

  void seed_stranger() {
    const std::string stranger = id_for("stranger", 1);
    seeded_.stranger = "Patient/" + stranger;
    outsider(patient_json(stranger, seeding_.old_accounts, ""));
    Fillings fillings = fillings_;
    fillings["patient"] = seeded_.stranger;
    for (std::size_t i = 0; i < 5; ++i) {
      fillings["id"] = id_for("stranger-member", i);
      fillings["d"] = "1";
      outsider(filled(sample_members()[i], fillings, accounts_member(seeding_.old_accounts), random(i)));
    }
  }

  /// What meta says of a member's accounts varies: those of the target, others beside or instead, none, already right,
  /// with a display, and as the old single account alone.
  std::string accounts_of(std::size_t n, bool shared) const {
    if (shared) return accounts_member(together(seeding_.old_accounts, {account(7)}));
    if (n % 25 == 11) return R"("account":{"reference":")" + account(n % 2 == 0 ? 1 : 9) + "\"}";
    switch (random(n) % 8) {
      case 0:
        return accounts_member(together(seeding_.other_accounts, seeding_.old_accounts));
      case 1:
        return accounts_member(together(seeding_.old_accounts, seeding_.other_accounts));
      case 2:
        return "";
      case 3:
        return accounts_member(seeding_.other_accounts);
      case 4:
        return accounts_member(seeding_.already.empty() ? seeding_.old_accounts : seeding_.already);
      case 5:
        return R"("accounts":[{"reference":")" + account(9) +
               R"(","display":"A \"tenant\", shown","type":"Organization"}])";
      default:
        return accounts_member(seeding_.old_accounts);
    }
  }

  void seed_member(std::size_t n) {
    const bool shared = seeding_.shared_every > 0 && n % seeding_.shared_every == seeding_.shared_every - 1;
    const auto samples = shared ? sample_shared_members() : sample_members();
    const SampleResource& sample = samples[(shared ? n / seeding_.shared_every : n) % samples.size()];
    fillings_["id"] = id_for("m", n);
    fillings_["n"] = std::to_string(n);
    fillings_["d"] = std::to_string(1 + n % 9);
    const std::string accounts = accounts_of(n, shared);
    const std::string json = filled(sample, fillings_, accounts, random(n));
    const bool old = accounts.starts_with(R"("account":)");
    const Record* record = (old ? world_.put_as_it_is(json) : world_.put(json)).record;
    seeded_.members.push_back(record->reference());
    if (shared) seeded_.shared.push_back(record->reference());
  }

  World& world_;
  const Seeding& seeding_;
  Seeded seeded_;
  Fillings fillings_;
};

}  // namespace

std::string account(unsigned n) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "Organization/00000000-0000-4000-8000-%012u", n);
  return text.data();
}

std::string accounts_json(const std::vector<std::string>& references) {
  if (references.empty()) return "";
  std::string json;
  for (const std::string& reference : references) {
    json += (json.empty() ? "[" : ",") + std::string(R"({"reference":")") + reference + "\"}";
  }
  return json + "]";
}

Seeded seed_compartment(World& world, const Seeding& seeding) {
  return Seeder(world, seeding).seed();
}

}  // namespace sandbox
