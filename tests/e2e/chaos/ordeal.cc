#include "tests/e2e/chaos/ordeal.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace e2e {
namespace {

using namespace std::chrono_literals;

}  // namespace

std::uint64_t number_from_environment(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& each : lines)
    all += each + "\n";
  return all;
}

Ordeal::Ordeal()
    : seed_(number_from_environment("TOOZ_CHAOS_SEED", base::system_env().random() % 1'000'000)),
      length_(number_from_environment("TOOZ_CHAOS_SECONDS",
                                      std::getenv("TOOZ_NIGHTLY") != nullptr ? 600 : 120)) {
  // Conductors that die over one operation again and again are no loss before the trouble is over.
  timeout_ = std::max<int>(timeout_, static_cast<int>(length_.count()) / 2);
  std::cout << "TOOZ_CHAOS_SEED=" << seed_ << " TOOZ_CHAOS_SECONDS=" << length_.count()
            << std::endl;
}

void Ordeal::begin_load(double rate) {
  load_.emplace(std::vector<const Api*>{&api(0), &api(1)}, machines(),
                Load::Options{.nodes = kNodes, .rate = rate, .seed = seed_});
}

void Ordeal::end_load() {
  load_->stop();
  const auto begin = now();
  EXPECT_TRUE(eventually([&] { return load_->all_ended(); }, seconds(timeout_) + 60s));
  note("from the end of the trouble until all had ended", since(begin));
}

void Ordeal::trouble(double rate, const Nemesis::Weights& weights) {
  begin_load(rate);
  nemesis_.emplace(*this, *load_, seed_ + 1, weights);
  const auto begun = now();
  nemesis_->run(begun + length_);
  // A machine that is slow, or luck, may take longer to get everywhere.
  while (!enough() && now() < begun + 2 * length_)
    nemesis_->run(now() + 10s);
  end_load();
}

void Ordeal::table() { std::cout << "| | |\n|---|---:|\n"; }

void Ordeal::row(const std::string& what, long figure) {
  std::cout << "| " << what << " | " << figure << " |" << std::endl;
}

void Ordeal::show_answers() const {
  for (const auto& [what, times] : load_->answers())
    row("answers: " + what, times);
}

void Ordeal::nothing_was_lost() const {
  const Endings endings = judge_endings(load_->asked(), ironic_lines());
  row("accepted starts, aborts and reapplies: finished", endings.finished);
  row("the same: aborted by the operator", endings.aborted);
  row("the same: timed out, the machine had given up after five posts", endings.given_up);
  row("**lost**", static_cast<long>(endings.lost.size()));
  EXPECT_EQ(joined(endings.lost), "");
  EXPECT_EQ(joined(load_->strange()), "");
  if (nemesis_) {
    EXPECT_EQ(joined(nemesis_->fallen()), "");
  }
  EXPECT_EQ(sql("SELECT count(*) FROM cc_operation"), "0\n");
}

void Ordeal::ironic_was_asked_as_allowed() const {
  const Requests requests = judge_requests(*this, *load_);
  row("reports whose set was sent to Ironic", requests.patches);
  row("sets sent again by who took over, or after a lost answer", requests.repeated_patches);
  row("reboots asked for again by who took over", requests.repeated_reboots);
  row("**patches or reboots beyond the allowed**", static_cast<long>(requests.wrong.size()));
  EXPECT_EQ(joined(requests.wrong), "");
}

long Ordeal::writes_were_fenced() const {
  const Audit audit = judge_audit(*this);
  const auto refused =
      static_cast<long>(conductor_lines("A write with a stale token was refused").size());
  row("writes to nodes' rows", audit.writes);
  row("stale writes refused", refused);
  row("**stale writes accepted**", audit.stepped_back);
  row("**writes without a fence**", audit.unfenced);
  EXPECT_GT(audit.writes, 0);
  EXPECT_EQ(audit.stepped_back, 0);
  EXPECT_EQ(audit.unfenced, 0);
  return refused;
}

void Ordeal::gates_are_closed() const {
  EXPECT_TRUE(eventually([&] { return open_gates(*this).empty(); }, kSoon))
      << joined(open_gates(*this));
  row("**gates of PXE filters left open**", static_cast<long>(open_gates(*this).size()));
}

}  // namespace e2e
