#include "http/message.h"
#include "inspector/policy/check.h"

#include <stdexcept>

namespace inspector {

/// Recursive descent over words; parentheses stick to the words they stand at.
class PolicyParser {
 public:
  explicit PolicyParser(std::string_view text) { split(text); }

  PolicyCheck whole() {
    if (words_.empty()) return PolicyCheck::always();
    PolicyCheck check = any(0);
    if (at_ < words_.size()) fail("unexpected " + words_[at_]);
    return check;
  }

 private:
  static constexpr int kDeepest = 100;

  [[noreturn]] static void fail(const std::string& why) { throw std::invalid_argument(why); }

  void split(std::string_view text) {
    constexpr std::string_view kBlank = " \t\r\n\f\v";
    while (true) {
      const std::size_t begin = text.find_first_not_of(kBlank);
      if (begin == std::string_view::npos) return;
      text.remove_prefix(begin);
      std::string_view word = text.substr(0, text.find_first_of(kBlank));
      text.remove_prefix(word.size());
      for (; word.starts_with('('); word.remove_prefix(1))
        words_.emplace_back("(");
      std::size_t closing = 0;
      for (; word.ends_with(')'); word.remove_suffix(1))
        ++closing;
      if (!word.empty()) words_.emplace_back(word);
      words_.insert(words_.end(), closing, ")");
    }
  }

  bool take(std::string_view word) {
    if (at_ >= words_.size() || !http::same_name(words_[at_], word)) return false;
    ++at_;
    return true;
  }

  PolicyCheck any(int depth) {
    std::vector<PolicyCheck> parts = {all(depth)};
    while (take("or"))
      parts.push_back(all(depth));
    return parts.size() == 1 ? std::move(parts.front()) : PolicyCheck::any_of(std::move(parts));
  }

  PolicyCheck all(int depth) {
    std::vector<PolicyCheck> parts = {one(depth)};
    while (take("and"))
      parts.push_back(one(depth));
    return parts.size() == 1 ? std::move(parts.front()) : PolicyCheck::all_of(std::move(parts));
  }

  PolicyCheck one(int depth) {
    if (depth > kDeepest) fail("nested too deep");
    if (take("not")) return {PolicyCheck::Kind::kNot, {one(depth + 1)}};
    if (take("(")) {
      PolicyCheck inner = any(depth + 1);
      if (!take(")")) fail("a closing parenthesis is missing");
      return inner;
    }
    if (at_ >= words_.size()) fail("unexpected end");
    return check(words_[at_++]);
  }

  static PolicyCheck check(const std::string& word) {
    if (word == "@") return PolicyCheck::always();
    if (word == "!") return PolicyCheck::never();
    const std::size_t colon = word.find(':');
    if (colon == std::string::npos) fail("no check: " + word);
    std::string kind = word.substr(0, colon);
    std::string value = word.substr(colon + 1);
    if (kind == "http" || kind == "https")
      return {PolicyCheck::Kind::kRemote, std::move(kind), std::move(value)};
    if (kind == "rule") return {PolicyCheck::Kind::kRule, std::move(value), {}};
    if (kind == "role") return {PolicyCheck::Kind::kRole, {}, std::move(value)};
    return {PolicyCheck::Kind::kAttribute, std::move(kind), std::move(value)};
  }

  std::vector<std::string> words_;
  std::size_t at_ = 0;
};

PolicyCheck PolicyCheck::parse(std::string_view text) { return PolicyParser(text).whole(); }

}  // namespace inspector
