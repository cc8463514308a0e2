#pragma once
#include <string>
#include <string_view>

namespace tooz::file {

/// Throws what the system's `error` (an errno) means to callers: kDenied for missing rights and for
/// what is no directory, else kUnreachable. `name` is the URL, `what` was tried.
[[noreturn]] void fail(std::string_view name, std::string_view what, int error);

}  // namespace tooz::file
