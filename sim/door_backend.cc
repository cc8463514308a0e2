#include "sim/door_backend.h"

namespace sim {

tooz::Session DoorBackend::open_session(base::Env::Duration wanted) {
  return pass("open", "session", [&] { return inner_->open_session(wanted); });
}

base::Env::Duration DoorBackend::renew(tooz::SessionId session) {
  return pass("renew", "session", [&] { return inner_->renew(session); });
}

void DoorBackend::close_session(tooz::SessionId session) {
  pass("close", "session", [&] { inner_->close_session(session); });
}

std::optional<tooz::Revision> DoorBackend::create(std::string_view key, std::string_view value,
                                                  tooz::SessionId owner, const tooz::Guard& guard) {
  return pass("create", key, [&] { return inner_->create(key, value, owner, guard); });
}

std::optional<tooz::Revision> DoorBackend::replace(std::string_view key, std::string_view value,
                                                   tooz::Revision expected) {
  return pass("replace", key, [&] { return inner_->replace(key, value, expected); });
}

bool DoorBackend::remove(std::string_view key, tooz::Revision expected, const tooz::Guard& guard) {
  return pass("remove", key, [&] { return inner_->remove(key, expected, guard); });
}

std::optional<tooz::Entry> DoorBackend::get(std::string_view key) {
  return pass("get", key, [&] { return inner_->get(key); });
}

tooz::Snapshot DoorBackend::list(std::string_view prefix) {
  return pass("list", prefix, [&] { return inner_->list(prefix); });
}

std::string DoorBackend::origin() {
  return pass("get", "origin", [&] { return inner_->origin(); });
}

}  // namespace sim
