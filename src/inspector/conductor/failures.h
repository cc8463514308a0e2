#pragma once
#include "inspector/error.h"
#include "inspector/ironic/client.h"

#include <exception>
#include <string>
#include <string_view>

namespace inspector {

/// What a client is told about `failure`: an inspector::Error as it is; a database or lock that
/// failed as kUnavailable, because a repetition may succeed; all else, which is logged here with
/// `what_was_done`, as kInternal.
Error client_error(const std::exception_ptr& failure, std::string_view what_was_done);

/// An Ironic that said no is kBadRequest with `prefix` and its words; one that gave no answer, is
/// busy or broken is kUnavailable: doubt is never told as a client's mistake.
Error ironic_error(const std::string& prefix, const ironic::Error& error);

/// Whether the lock on the node was lost, or another has written since: the work is no longer ours,
/// and nothing more may be written.
bool is_lock_lost(const std::exception_ptr& failure) noexcept;

/// `ironic_error(prefix, error)`, unless Ironic is away: then `error` as it is, which may_pass().
[[noreturn]] void throw_ironic(const std::string& prefix, const ironic::Error& error);

/// Whether the same may succeed later, by us or by another: the lock was lost, or the database or
/// Ironic does not answer.
bool may_pass(const std::exception_ptr& failure) noexcept;

/// Error{kUnavailable}.
bool is_unavailable(const std::exception_ptr& failure) noexcept;

/// what() of any exception; never empty.
std::string text_of(const std::exception_ptr& failure);

}  // namespace inspector
