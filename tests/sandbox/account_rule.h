#pragma once

#include "sandbox/json.h"

namespace sandbox {

class World;

/// The accounts that a resource's meta names, as an array: meta.accounts, with meta.account put in front if it is not
/// among them (Medplum, core `extractAccountReferences`).
JsonValue named_accounts(const JsonValue& resource, JsonAllocator& allocator);

/// What a write that may not name accounts gets instead: the accounts of the patients the resource points at; a Patient
/// keeps his own. Only their references, not their display (Medplum, `getAccounts`).
JsonValue inherited_accounts(const World& world, const JsonValue& resource, JsonAllocator& allocator);

/// Writes meta.accounts and meta.account = accounts[0], or removes both for an empty list.
void set_accounts(JsonValue& resource, JsonValue accounts, JsonAllocator& allocator);

}  // namespace sandbox
