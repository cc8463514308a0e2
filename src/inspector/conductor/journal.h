#pragma once
#include "inspector/conductor/operation.h"
#include "inspector/node/store.h"
#include "sql/database.h"

#include <atomic>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// What has happened since the start of the process, for tests and for operators.
struct JournalCounters {
  std::atomic<std::uint64_t> taken_over = 0;  ///< operations of others that went on here
  std::atomic<std::uint64_t> resumed = 0;     ///< operations of our own, after trouble that passed
  std::atomic<std::uint64_t> sets_sent_again = 0;
  std::atomic<std::uint64_t> power_repeats = 0;
  std::atomic<std::uint64_t> power_awaited = 0;  ///< Ironic was still at it
  std::atomic<std::uint64_t> power_spared = 0;   ///< a report had come: nothing is rebooted
  std::atomic<std::uint64_t> poisoned = 0;       ///< given up after too many tries
  std::atomic<std::uint64_t> handed_over = 0;
};

/// The journal of what was accepted and is not at its end: tables cc_operation, cc_operation_part
/// and cc_answer. An operation belongs to an incarnation of a conductor; only that writes to it,
/// and each of its writes is refused (StaleToken) when it has been taken over, or removed,
/// meanwhile.
///
/// What returns a Write gives statements that go into a transaction of the operation's node
/// (WriteUnder), so that the step and what it means stand together or not at all; the arguments
/// must not change until that transaction is over. All else has a transaction of its own and throws
/// sql::Error. Thread-safe.
class Journal {
 public:
  using Write = WriteUnder::Also;

  Journal(base::Env& env, sql::Database& database) : env_(env), database_(database) {}
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// A new operation, as yet only in memory.
  Operation make(Operation::Kind kind, std::string_view node) const;

  // ---- journal.cc: its life ----

  /// Enters it. `body`: the data of a reapply, else empty.
  Write enter(const Operation& operation, std::string_view body = {}) const;
  /// Of a report that is under way already, here or elsewhere, or has its answer.
  struct Repeated : std::runtime_error {
    explicit Repeated(std::optional<KeptAnswer> answer_ = {})
        : std::runtime_error("the report is known"), answer(std::move(answer_)) {}
    std::optional<KeptAnswer> answer;  ///< of the first; nullopt: it is under way
  };
  /// Enters a report whose body stands in the nodes' database from the same transaction on
  /// (Step::kStored), but for the ramdisk's logs. Of one that is under way, sql::Error{kDuplicate}
  /// comes out of the transaction, as of enter().
  Write enter_stored(Operation& operation, std::string_view logs) const;
  /// Enters it without a transaction of its node.
  void enter_alone(const Operation& operation);
  /// Of one that was entered as not begun: a thread has come to it, and from here on the end of its
  /// conductor counts a try. Nothing is written for any other.
  void begin(Operation& operation);
  /// To operation.step, with its node and its due time.
  Write move_on(const Operation& operation) const;
  /// The same without a transaction of its node.
  void move_on_alone(const Operation& operation);
  /// As move_on(), to kSending, or to kChanges with a large set, and keeps the collected set.
  Write keep_set(Operation& operation, std::string_view set) const;
  /// It is done: removes it if it was entered, and keeps `answer` for repetitions of its report.
  Write end(const Operation& operation, const std::optional<KeptAnswer>& answer = {}) const;
  /// end() without an answer and without a transaction of its node.
  void drop(const Operation& operation);
  /// Keeps what the caller of a start was told, under the attempt's id.
  Write keep_attempt(const std::string& attempt, const std::string& node) const;

  /// Of a report or a reapply, as it was entered. Throws std::runtime_error when it is damaged.
  std::string body(const Operation& operation);
  std::string logs(const Operation& operation);  ///< those that its body is without
  std::string set(const Operation& operation);

  // ---- journal_answers.cc: reports and their repetitions ----

  enum class Known { kNew, kUnderWay };
  /// Enters a report, unless it is under way already, here or elsewhere, or has its answer.
  struct Acceptance {
    Known known = Known::kNew;
    std::optional<KeptAnswer> answer{};  ///< of the first; nothing was entered
  };
  Acceptance accept(const Operation& operation, std::string_view body);
  std::optional<KeptAnswer> answer(const std::string& digest_or_attempt);
  bool under_way(const std::string& digest);
  /// Drops answers that are older than an hour. Returns how many.
  std::int64_t drop_old_answers();

  // ---- journal_takeover.cc: whose is it ----

  struct Owner {
    std::string host;
    std::string incarnation;
  };
  /// Whose operations stand in the journal, `mine` left out.
  std::vector<Owner> owners(std::string_view mine);
  /// The owner is known to be gone: its operations become nobody's, and each that he had begun
  /// counts a try more. Not begun is what waits for its turn to be powered on, and what no thread
  /// had come to.
  std::int64_t disown(std::string_view incarnation);
  enum class Which { kAll, kQueued };
  /// Gives away what an incarnation of our own had: the same, but it counts no try.
  std::int64_t hand_over(std::string_view incarnation, Which which = Which::kAll);
  /// The same of one, as it was when it was read; false: it has gone on since.
  bool hand_over(const Operation& operation);
  /// Operations that are nobody's or of `mine`, the oldest first. What a newer program has entered
  /// and we do not understand is left out with a warning.
  std::vector<Operation> claimable(std::string_view mine, std::size_t limit);
  /// Somebody was quicker with claim().
  struct Taken : std::runtime_error {
    using std::runtime_error::runtime_error;
  };
  /// Makes it ours if it still is whose it was when it was read: owner, incarnation and history of
  /// `operation` are changed. With a node, in that node's transaction; throws Taken.
  Write claim(Operation& operation, const Owner& us, std::int64_t fence) const;
  bool claim_alone(Operation& operation, const Owner& us);  ///< false: somebody was quicker

  /// The unfinished operation of a kind at a node; nullopt: none.
  std::optional<Operation> of_node(const std::string& node, Operation::Kind kind);

  // ---- journal_turns.cc: the pace of power-ons ----

  struct Pace {
    base::Env::Duration delay{};   ///< between two power-ons of the cluster
    std::size_t most_booting = 0;  ///< 0: no limit
    bool any() const noexcept { return delay > base::Env::Duration::zero() || most_booting != 0; }
  };
  /// Hands out the next turn to a start: its step becomes kQueued, its due time the turn's. When
  /// too many nodes boot, it has none yet and asks again at `due`.
  struct Turn {
    base::Env::WallTime due;
    bool granted = false;
  };
  Write take_turn(const Operation& operation, const Pace& pace, Turn& turn) const;

  JournalCounters counters;

 private:
  std::string part(const Operation& operation, const std::string& name);

  base::Env& env_;
  sql::Database& database_;
};

}  // namespace inspector
