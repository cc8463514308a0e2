#pragma once
#include "tooz/driver.h"

namespace tooz {

class MemoryStore;

/// A store of its own, shared by all who hold the pointer; ends with the last of them.
std::shared_ptr<MemoryStore> make_memory_store(Env& env);

/// A client of `store`. Leases run by the clock of `env`, and waits are its events: in a simulation
/// this is the server's environment, whoever calls.
std::unique_ptr<Backend> make_memory_backend(Env& env, std::shared_ptr<MemoryStore> store);

/// The driver `memory://NAME`: who opens the same name in one process shares one store, which ends
/// with the last of them. Error{kBadUrl}.
std::unique_ptr<Backend> open_memory(Env& env, const Url& url);
Features memory_features() noexcept;

}  // namespace tooz
