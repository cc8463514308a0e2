#pragma once
#include "tooz/driver.h"
#include "tooz/drivers/file/directory.h"

namespace tooz {

/// `file:///absolute/directory`: the processes of one machine share the state in that directory,
/// which is made (0700) when it is absent. Every write is durable when its call returns. A call
/// waits for the lock of others for at most the option `timeout`, 5 s unless given; the disk may
/// take longer. No thread before the first wait_change(). Throws Error{kBadUrl}.
std::unique_ptr<Backend> open_file(Env& env, const Url& url);

/// The same, `settings.boot_id` given.
std::unique_ptr<Backend> make_file_backend(Env& env, const file::Settings& settings);

inline constexpr Features kFileFeatures{
    .survives_restart = true,
    .linearizable = true,
    .notifies = true,
    .evicts = false,
    .across_hosts = false,
    .max_value = 1 << 20,
};

}  // namespace tooz
