#pragma once
#include "tooz/backend.h"

#include <deque>
#include <map>
#include <memory>
#include <memory_resource>

namespace tooz {

/// What backend.h promises about keys and sessions, as a value: no clock, no threads, no storage.
/// The drivers that keep their data themselves share it. Callers bring the time: expire() comes
/// before anything else. Not thread-safe.
class LeasedMap {
 public:
  struct Lease {
    Env::Duration ttl{};
    Env::TimePoint end;
  };
  /// A key's Entry, without the key.
  struct Row {
    std::pmr::string value;
    SessionId owner = SessionId::kNone;
    Revision created = 0;
    Revision revision = 0;
  };
  using Keys = std::pmr::map<std::pmr::string, Row, std::less<>>;

  /// What happened to a key, without its value.
  struct Record {
    Revision revision = 0;
    std::pmr::string key;
    Revision created = 0;  ///< 0: it was removed
    bool operator==(const Record&) const = default;
  };

  /// All there is to keep.
  struct Data {
    Data() = default;
    /// With its keys and changes in `m`. A copy has them where everybody has his.
    explicit Data(std::shared_ptr<std::pmr::memory_resource> m)
        : memory(std::move(m)), keys(memory.get()), changes(memory.get()) {}
    Data(Data&&) = default;
    Data(const Data& other)
        : origin(other.origin),
          last(other.last),
          last_session(other.last_session),
          sessions(other.sessions),
          keys(other.keys),
          changes(other.changes) {}
    Data& operator=(const Data&) = delete;
    ~Data() = default;

    /// Adds what is stored; the key must not be there.
    void add_key(std::string_view key, std::string_view value, const Row& rest);
    void add_change(Revision revision, std::string_view key, Revision created);

    /// Null: the heap. Also stays with whom the rest is moved from: a deque is never without
    /// memory.
    const std::shared_ptr<std::pmr::memory_resource> memory;
    std::string origin;
    Revision last = 0;  ///< revision given out
    std::uint64_t last_session = 0;
    std::map<SessionId, Lease> sessions;
    Keys keys;
    std::pmr::deque<Record> changes;  ///< the last ones, oldest first
  };
  static constexpr std::size_t kMaxChanges = 128;

  /// `name` of the driver, for errors.
  LeasedMap(std::string name, Data data) : name_(std::move(name)), data_(std::move(data)) {}

  /// Ends the sessions that have run out by `now`, and removes their keys.
  void expire(Env::TimePoint now);
  void end_all_sessions();

  Session open_session(Env::TimePoint now, Env::Duration ttl);
  /// One that does not end by the clock, under a number that the caller has drawn.
  Session open_endless_session(SessionId id, Env::Duration ttl);
  Env::Duration renew(Env::TimePoint now, SessionId session);  ///< Error{kSessionLost}
  void close_session(SessionId session);

  /// Error{kSessionLost}, Error{kBadName}; the revisions in `entry` are not looked at.
  std::optional<Revision> create(const Entry& entry, const Guard& guard);
  std::optional<Revision> replace(std::string_view key, std::string_view value, Revision expected);
  bool remove(std::string_view key, Revision expected, const Guard& guard);
  std::optional<Entry> get(std::string_view key) const;
  Snapshot list(std::string_view prefix) const;

  /// Whether something under `prefix` changed after `at`, or may have: the record of changes is
  /// bounded, and an `at` from the future is of other data.
  bool changed(std::string_view prefix, Revision at) const;
  /// As Backend::next_changes(), without a wait. Only the last values are known.
  std::optional<Changes> changes_since(std::string_view prefix, Revision at) const;
  /// When the first key under `prefix` goes if nobody renews its session; max: none does.
  Env::TimePoint next_expiry(std::string_view prefix) const;

  const Data& data() const noexcept { return data_; }
  bool modified() const noexcept { return modified_; }  ///< since it was made from a Data

 private:
  Keys::iterator drop_key(Keys::iterator key);
  bool record_reaches(Revision at) const;
  Revision note_change(std::string_view key, Revision created);
  bool allows(const Guard& guard) const;
  void check_live(SessionId session) const;
  void check_name(std::string_view key) const;

  std::string name_;
  Data data_;
  bool modified_ = false;
};

}  // namespace tooz
