#include "inspector/conductor/report_answers.h"

#include "inspector/error.h"

#include <openssl/evp.h>
#include <array>
#include <boost/json/serializer.hpp>

#include <stdexcept>
#include <utility>

namespace inspector {

namespace {

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new()) {
    check(context_ ? EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) : 0);
  }

  void add(std::string_view text) {
    check(EVP_DigestUpdate(context_.get(), text.data(), text.size()));
  }

  std::string digest() {
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    check(
        EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), &size));
    digest.resize(size);
    return digest;
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
  };

  static void check(int done) {
    if (done != 1) throw std::runtime_error("OpenSSL offers no SHA-256");
  }

  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

std::string hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xfU];
  }
  return text;
}

}  // namespace

std::string sha256(std::string_view text) {
  Sha256 sha;
  sha.add(text);
  return sha.digest();
}

std::string sha256_hex(std::string_view text) { return hex(sha256(text)); }

std::string sha256_hex(const boost::json::object& object) {
  std::array<char, 16UL * 1024> piece;  // NOLINT(cppcoreguidelines-pro-type-member-init): written
  boost::json::serializer text;
  Sha256 sha;
  for (text.reset(&object); !text.done();)
    sha.add(text.read(piece.data(), piece.size()));
  return hex(sha.digest());
}

/// Guarded by the mutex of the table.
class ReportAnswers::Run {
 public:
  explicit Run(std::string digest_) : digest(std::move(digest_)) {}

  const std::string digest;
  std::optional<KeptAnswer> answer;
  std::vector<std::shared_ptr<base::Env::Event>> waiting;
  std::shared_ptr<base::Env::Event> leader;  ///< one of those, while it is led and waited for
  bool led = true;
  bool given_back = false;

  /// Takes note of what was given back.
  Led look() {
    if (answer) return Led::kAnswered;
    return std::exchange(given_back, false) ? Led::kGivenBack : Led::kNothing;
  }
};

ReportAnswers::Joined ReportAnswers::join(const std::string& digest) {
  const std::lock_guard guard(mutex_);
  const auto found = runs_.find(digest);
  if (found != runs_.end()) return {.run = found->second, .first = false};
  if (runs_.size() >= max_runs_)
    throw Error(Errc::kUnavailable, "Too many reports wait to be processed, please, retry later");
  auto run = std::make_shared<Run>(digest);
  runs_[digest] = run;
  return {.run = std::move(run), .first = true};
}

void ReportAnswers::settle(const RunPtr& run, KeptAnswer answer) {
  std::vector<std::shared_ptr<base::Env::Event>> waiting;
  {
    const std::lock_guard guard(mutex_);
    if (run->answer) return;
    run->answer = std::move(answer);
    waiting.swap(run->waiting);
  }
  for (const auto& each : waiting)
    each->set();
}

ReportAnswers::Led ReportAnswers::lead(const RunPtr& run, base::Env::TimePoint deadline,
                                       const std::stop_token& stop) {
  const std::shared_ptr<base::Env::Event> woken = env_.make_event();
  {
    const std::lock_guard guard(mutex_);
    if (const Led led = run->look(); led != Led::kNothing) return led;
    run->leader = woken;
    run->waiting.push_back(woken);
  }
  woken->wait_until(deadline, stop);
  const std::lock_guard guard(mutex_);
  run->leader = nullptr;
  std::erase(run->waiting, woken);
  return run->look();
}

bool ReportAnswers::leave(const RunPtr& run) {
  const std::lock_guard guard(mutex_);
  run->led = false;
  return !run->given_back;
}

bool ReportAnswers::give_back(const RunPtr& run) {
  std::shared_ptr<base::Env::Event> leader;
  {
    const std::lock_guard guard(mutex_);
    if (!run->led) return false;
    run->given_back = true;
    leader = run->leader;
  }
  if (leader) leader->set();
  return true;
}

void ReportAnswers::forget(const RunPtr& run) {
  const std::lock_guard guard(mutex_);
  const auto found = runs_.find(run->digest);
  if (found != runs_.end() && found->second == run) runs_.erase(found);
}

std::optional<KeptAnswer> ReportAnswers::wait(const RunPtr& run, base::Env::TimePoint deadline,
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

}  // namespace inspector
