#include "inspector/conductor/failures.h"

#include "base/log.h"
#include "inspector/ironic/answers.h"
#include "inspector/node/store.h"
#include "sql/database.h"

namespace inspector {
namespace {

constexpr int kConflictStatus = 409;
constexpr int kServerErrors = 500;

}  // namespace

Error client_error(const std::exception_ptr& failure, std::string_view what_was_done) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error;
  } catch (const StaleToken&) {
    return {Errc::kUnavailable, "The lock of the node was lost, please, retry later"};
  } catch (const ironic::LockLost&) {
    return {Errc::kUnavailable, "The lock of the node was lost, please, retry later"};
  } catch (const sql::Error& error) {
    base::log_error("inspector.conductor", std::string(what_was_done) + ": " + error.what());
    if (error.code == sql::Errc::kUnreachable || error.code == sql::Errc::kConflict)
      return {Errc::kUnavailable, "The database does not answer, please, retry later"};
    return {Errc::kInternal, "Internal server error"};
  } catch (const ironic::Error& error) {
    base::log_error("inspector.conductor", std::string(what_was_done) + ": " + error.what());
    return ironic_error("", error);
  } catch (...) {
    base::log_error("inspector.conductor", std::string(what_was_done) + ": " + text_of(failure));
    return {Errc::kInternal, "Internal server error"};
  }
}

Error ironic_error(const std::string& prefix, const ironic::Error& error) {
  const bool doubt =
      error.status == 0 || error.status == kConflictStatus || error.status >= kServerErrors;
  return {doubt ? Errc::kUnavailable : Errc::kBadRequest, prefix + error.what()};
}

void throw_ironic(const std::string& prefix, const ironic::Error& error) {
  if (ironic::is_away(error)) throw ironic::Error(error.status, prefix + error.what());
  throw ironic_error(prefix, error);
}

bool is_lock_lost(const std::exception_ptr& failure) noexcept {
  try {
    std::rethrow_exception(failure);
  } catch (const StaleToken&) {
    return true;
  } catch (const ironic::LockLost&) {
    return true;
  } catch (...) {
    return false;
  }
}

bool may_pass(const std::exception_ptr& failure) noexcept {
  if (is_lock_lost(failure)) return true;
  try {
    std::rethrow_exception(failure);
  } catch (const sql::Error& error) {
    return error.code == sql::Errc::kUnreachable || error.code == sql::Errc::kConflict;
  } catch (const ironic::Error& error) {
    return ironic::is_away(error);
  } catch (...) {
    return false;
  }
}

bool is_unavailable(const std::exception_ptr& failure) noexcept {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error.code() == Errc::kUnavailable;
  } catch (...) {
    return false;
  }
}

std::string text_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& error) {
    return *error.what() != '\0' ? error.what() : "unknown failure";
  } catch (...) {
    return "unknown failure";
  }
}

}  // namespace inspector
