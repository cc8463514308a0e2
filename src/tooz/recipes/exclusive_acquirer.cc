#include "tooz/recipes/exclusive_acquirer.h"

#include "tooz/random_text.h"

#include <algorithm>
#include <utility>

namespace tooz {
namespace {

constexpr std::size_t kId = 16;          ///< hex digits of a place
constexpr std::string_view kAll = "rw";  ///< readers and writers

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string bytes_of(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1]));
  return bytes;
}

}  // namespace

std::unique_ptr<Grant> ExclusiveAcquirer::try_once(const LeasePtr& lease) const {
  if (core_->delays) return try_with_place(lease);
  return create_holder(lease, {.present = {}, .empty_prefix = keys_.queue}, nullptr);
}

// Where there is a lock delay the place comes first: it must be older than those who will wait.
std::unique_ptr<Grant> ExclusiveAcquirer::try_with_place(const LeasePtr& lease) const {
  const auto place = new_place(lease);
  if (!place->take({.present = {}, .empty_prefix = keys_.queue})) return nullptr;
  return create_holder(lease, {.present = place->key(), .empty_prefix = {}}, place);
}

std::shared_ptr<QueuePlace> ExclusiveAcquirer::new_place(const LeasePtr& lease) const {
  const auto kind = core_->delays ? kDelayedWriter : kWriter;
  return make_place(lease, keys_.queue + std::string(kind), core_->member_id);
}

// Null: taken, or the guard does not hold.
std::unique_ptr<Grant> ExclusiveAcquirer::create_holder(
    const LeasePtr& lease, const Guard& guard, const std::shared_ptr<QueuePlace>& place) const {
  Grant::Key key{keys_.holder, new_value(place), 0, true};
  const auto leave_to_cleaner = [&] {
    core_->cleaner.add(
        {.lease = lease, .key = key.name, .value = key.value, .due = {}, .may_come = key.may_come});
  };
  try {
    const Created created = create_surely(*core_, *lease, key.name, key.value, guard);
    key.may_come = created.may_come;
    if (!created.revision) {
      if (created.may_come) leave_to_cleaner();
      return nullptr;
    }
    key.created = *created.revision;
    return std::make_unique<Grant>(core_, lease, what_, key, place);
  } catch (const std::exception&) {
    leave_to_cleaner();
    throw;
  }
}

std::unique_ptr<Grant> ExclusiveAcquirer::step(Stay& stay) const {
  if (!stay.place->taken()) {
    stay.place->take();
    stay.first = false;
    stay.ahead.clear();
  }
  const std::string ahead = std::exchange(stay.ahead, {});
  // Who was before us has gone. If to hold the lock, then everybody before him was gone already.
  if (!ahead.empty() && wait_for_holder(stay, ahead)) {
    stay.first = true;
    return nullptr;
  }
  if (!stay.first && !look_at_queue(stay)) return nullptr;
  if (auto grant =
          create_holder(stay.lease, {.present = stay.place->key(), .empty_prefix = {}}, stay.place))
    return grant;
  if (!wait_for_holder(stay, {})) stay.first = false;  // whoever removed our place
  return nullptr;
}

// True: we are the first. Else waits for the one before us, or a place is to be taken again.
bool ExclusiveAcquirer::look_at_queue(Stay& stay) const {
  const Snapshot queue = core_->backend->list(keys_.queue);
  const Entry* mine = find_entry(queue, stay.place->key());
  if (!mine) {
    stay.place->leave();
    return false;
  }
  stay.waited = true;
  const Entry* other = last_before(queue, *mine, kAll);
  if (!other) return stay.first = true;
  const std::string writers = keys_.queue + std::string(kWriter);
  wait_change(other->key, queue.at, stay);
  if (other->key.starts_with(writers)) stay.ahead = other->key;
  return false;
}

// Waits while the lock is held; `only_of`: only if whoever had that place holds it. False: not so.
bool ExclusiveAcquirer::wait_for_holder(Stay& stay, std::string_view only_of) const {
  const Snapshot found = core_->backend->list(keys_.holder);
  const Entry* holder = find_entry(found, keys_.holder);
  if (!holder) return false;
  if (!only_of.empty() && place_of(*holder) != only_of.substr(only_of.size() - kId)) return false;
  wait_change(keys_.holder, found.at, stay);
  return true;
}

bool ExclusiveAcquirer::break_holders() const {
  const bool readers = break_readers(*core_->backend, keys_);
  const auto found = core_->backend->get(keys_.holder);
  if (!found || !core_->backend->remove(keys_.holder, found->revision)) return readers;
  const std::string place = keys_.queue + std::string(kWriter) + place_of(*found);
  if (const auto left = core_->backend->get(place)) core_->backend->remove(place, left->revision);
  return true;
}

ExclusiveAcquirer::Holder ExclusiveAcquirer::holder() const {
  const Snapshot found = core_->backend->list(keys_.holder);
  const Entry* entry = find_entry(found, keys_.holder);
  if (!entry) return {std::nullopt, found.at};
  return {entry->value.substr(0, entry->value.find('/')), found.at};
}

// Begins with the place, ends with chance: of every attempt another one.
std::string ExclusiveAcquirer::new_value(const std::shared_ptr<QueuePlace>& place) const {
  std::string text = random_text(core_->env);
  if (place) text.replace(0, kId, place->id());
  return label_.empty() ? bytes_of(text) : label_ + "/" + text;
}

std::string ExclusiveAcquirer::place_of(const Entry& holder) const {
  if (label_.empty()) return hex_of(holder.value.substr(0, kId / 2));
  return holder.value.substr(std::min(holder.value.size(), holder.value.find('/') + 1), kId);
}

bool break_readers(Backend& backend, const LockKeys& keys) {
  const Snapshot queue = backend.list(keys.queue);
  bool any = false;
  for (const Entry& entry : queue.entries)
    if (entry.key.starts_with(keys.queue + "r") && !last_before(queue, entry, "w"))
      any = backend.remove(entry.key, entry.revision) || any;
  return any;
}

}  // namespace tooz
