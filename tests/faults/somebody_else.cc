#include "tests/faults/somebody_else.h"

#include <algorithm>

#include "sandbox/account_rule.h"

namespace faults {
namespace {

/// Accounts that no job ever asks for.
constexpr unsigned own_accounts = 50;
/// Members have it before, and no job ever asks for it either.
constexpr unsigned account_of_members = 8;

}  // namespace

SomebodyElse::SomebodyElse(const sandbox::World& world, sandbox::Seeded seeded, Witness& witness, std::uint64_t seed)
    : seeded_(std::move(seeded)), witness_(witness), dice_(seed) {
  for (const std::string& member : seeded_.members) accounts_before_[member] = accounts_of(world, member);
}

void SomebodyElse::act(sandbox::World& world, Doing doing, const std::string& about) {
  const std::string& patient = doing == Doing::move_in ? seeded_.stranger : seeded_.target;
  const bool this_one = !dice_.once_in(3) && witness_.members_of(world, patient).contains(about);
  const std::string member = this_one ? about : any_member_of(world, patient);
  if (doing == Doing::change_target) {
    change(world, seeded_.target, Doing::change_target);
  } else if (doing == Doing::change_other_patient) {
    change(world, seeded_.second, dice_.once_in(2) ? Doing::give : Doing::spoil);
  } else if (!member.empty()) {
    change(world, member, doing);
  }
}

std::string SomebodyElse::any_member_of(const sandbox::World& world, const std::string& patient) {
  const Witness::References members = witness_.members_of(world, patient);
  if (members.empty()) return "";
  return *std::next(members.begin(), dice_.below(static_cast<unsigned>(members.size())));
}

void SomebodyElse::change(sandbox::World& world, const std::string& reference, Doing doing) {
  std::vector<std::string> accounts = accounts_of(world, reference);
  switch (doing) {
    case Doing::create:
      create_like(world, reference);
      return;
    case Doing::erase:
      world.erase(reference);
      break;
    case Doing::touch:
      world.touch(reference);
      break;
    case Doing::give:
      accounts.push_back(sandbox::account(own_accounts + dice_.below(5)));
      set_accounts(world, reference, accounts);
      break;
    case Doing::change_target:
      accounts.push_back(sandbox::account(own_accounts));
      accounts.push_back(sandbox::account(account_of_members));
      set_accounts(world, reference, accounts);
      break;
    case Doing::spoil:
      set_accounts(world, reference, accounts_before_[reference]);
      break;
    case Doing::move_away:
      world.move_to_patient(reference, seeded_.target, seeded_.stranger);
      break;
    case Doing::move_in:
      world.move_to_patient(reference, seeded_.stranger, seeded_.target);
      break;
    default:
      return;
  }
  witness_.changed_by_another(world, reference);
}

void SomebodyElse::create_like(sandbox::World& world, const std::string& reference) {
  sandbox::Json resource = sandbox::parsed(world.find(reference)->text());
  const std::string id = "created-" + std::to_string(++created_);
  const std::string type(sandbox::text_member(resource, "resourceType"));
  sandbox::set_member(resource, "id", sandbox::text_value(id, resource.GetAllocator()), resource.GetAllocator());
  world.put(std::move(resource));
  witness_.changed_by_another(world, type + "/" + id);
}

void SomebodyElse::set_accounts(sandbox::World& world, const std::string& reference,
                                const std::vector<std::string>& accounts) {
  world.edit(reference, [&](sandbox::Json& resource) {
    sandbox::JsonAllocator& allocator = resource.GetAllocator();
    sandbox::JsonValue list(rapidjson::kArrayType);
    for (const std::string& account : accounts) {
      sandbox::JsonValue each(rapidjson::kObjectType);
      sandbox::set_member(each, "reference", sandbox::text_value(account, allocator), allocator);
      list.PushBack(each, allocator);
    }
    sandbox::set_accounts(resource, std::move(list), allocator);
  });
}

std::vector<std::string> SomebodyElse::accounts_of(const sandbox::World& world, const std::string& reference) const {
  std::vector<std::string> accounts;
  for (const auto& entry : sandbox::entries_of(sandbox::parsed(world.find(reference)->text())))
    if (std::ranges::find(accounts, entry.reference) == accounts.end()) accounts.push_back(entry.reference);
  return accounts;
}

}  // namespace faults
