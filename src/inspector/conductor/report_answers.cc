#include "inspector/conductor/report_answers.h"

#include <openssl/evp.h>

#include <stdexcept>

namespace inspector {
namespace {

constexpr base::Env::Duration kKeep = std::chrono::hours(1);

}  // namespace

std::string sha256(std::string_view text) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                 EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL offers no SHA-256");
  digest.resize(size);
  return digest;
}

/// Guarded by the mutex of the table.
class ReportAnswers::Run {
 public:
  explicit Run(std::string digest_) : digest(std::move(digest_)) {}

  const std::string digest;
  std::optional<Answer> answer;
  std::vector<std::shared_ptr<base::Env::Event>> waiting;
};

ReportAnswers::Joined ReportAnswers::begin(const std::string& digest) {
  auto run = std::make_shared<Run>(digest);
  runs_[digest] = run;
  return {std::move(run), true, std::nullopt};
}

ReportAnswers::Joined ReportAnswers::join(const std::string& digest) {
  const auto now = env_.now();
  const std::lock_guard guard(mutex_);
  trim(now);
  const auto found = runs_.find(digest);
  if (found == runs_.end()) return begin(digest);
  return {found->second, false, found->second->answer};
}

ReportAnswers::Joined ReportAnswers::replace(const std::string& digest, const RunPtr& old) {
  const std::lock_guard guard(mutex_);
  const auto found = runs_.find(digest);
  if (found == runs_.end() || found->second == old) return begin(digest);
  return {found->second, false, found->second->answer};
}

void ReportAnswers::settle(const RunPtr& run, Answer answer) {
  const auto now = env_.now();
  std::vector<std::shared_ptr<base::Env::Event>> waiting;
  {
    const std::lock_guard guard(mutex_);
    const auto found = runs_.find(run->digest);
    const bool current = found != runs_.end() && found->second == run;
    if (current && !answer.keep) runs_.erase(found);
    if (current && answer.keep) kept_.emplace_back(now, run);
    run->answer = std::move(answer);
    waiting.swap(run->waiting);
    trim(now);
  }
  for (const auto& each : waiting)
    each->set();
}

std::optional<ReportAnswers::Answer> ReportAnswers::wait(const RunPtr& run,
                                                         base::Env::TimePoint deadline,
                                                         const std::stop_token& stop) {
  const std::shared_ptr<base::Env::Event> settled = env_.make_event();
  {
    const std::lock_guard guard(mutex_);
    if (run->answer) return run->answer;
    run->waiting.push_back(settled);
  }
  settled->wait_until(deadline, stop);
  const std::lock_guard guard(mutex_);
  std::erase(run->waiting, settled);
  return run->answer;
}

void ReportAnswers::trim(base::Env::TimePoint now) {
  while (!kept_.empty() && (kept_.size() > max_runs_ || kept_.front().first + kKeep < now)) {
    const RunPtr oldest = std::move(kept_.front().second);
    kept_.pop_front();
    const auto found = runs_.find(oldest->digest);
    if (found != runs_.end() && found->second == oldest) runs_.erase(found);
  }
}

}  // namespace inspector
