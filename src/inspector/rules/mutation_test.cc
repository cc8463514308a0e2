// Random changes to well-formed rules, paths, formats and policies: each ends with an answer or
// with the error that its header names, whatever they are applied to.
#include "inspector/error.h"
#include "inspector/policy/check.h"
#include "inspector/rules/condition.h"
#include "inspector/rules/json_path.h"
#include "inspector/rules/python_error.h"
#include "inspector/rules/python_format.h"
#include "inspector/rules/rule_check.h"

#include <gtest/gtest.h>
#include <boost/json.hpp>

#include <cstdlib>
#include <random>
#include <stdexcept>

namespace inspector {
namespace {

namespace json = boost::json;

/// The same sequence in every run: a text that breaks something breaks it again.
class Mutator {
 public:
  explicit Mutator(std::vector<std::string> seeds) : seeds_(std::move(seeds)) {}

  std::string next() {
    std::string text = seeds_[random_() % seeds_.size()];
    for (std::size_t changes = random_() % 6; changes > 0; --changes)
      change(text);
    return text;
  }

 private:
  void change(std::string& text) {
    const std::size_t at = text.empty() ? 0 : random_() % text.size();
    const std::string& other = seeds_[random_() % seeds_.size()];
    switch (random_() % 5) {
      case 0:
        text.insert(at, 1, kCharacters[random_() % kCharacters.size()]);
        break;
      case 1:
        text.erase(at, 1 + random_() % 4);
        break;
      case 2:
        text.insert(at, text.substr(at, random_() % 20));
        break;
      case 3:
        text.insert(at, other.substr(random_() % (other.size() + 1), random_() % 20));
        break;
      default:
        if (!text.empty()) text[at] = static_cast<char>(random_() % 256);
    }
  }

  static constexpr std::string_view kCharacters = "{}[]()$.*:'\"`|,&!%0129-+abz \\\n";
  const std::vector<std::string> seeds_;
  std::mt19937 random_{20261122};  // NOLINT: the same in every run
};

int rounds() { return std::getenv("TOOZ_NIGHTLY") != nullptr ? 2'000'000 : 20'000; }

const json::value kReport = json::parse(R"({"a": {"b": [1, {"c": "x"}, null, 2.5, true]},
    "nics": [{"mac": "52:54:00:00:00:01", "ip": "10.0.0.1"}], "s": "text", "big": 1e300})");

TEST(Mutations, OfPathsFindOrAreRefused) {
  Mutator mutator({"a.b[0]", "$..mac", "nics[*].mac|s", "a.(b|c)[1:-1]", "nics[*] where ip",
                   "a.b.`parent`.`this`", "'quoted x'.\"y\"", "a,b,c[*]..*"});
  for (int i = 0; i < rounds(); ++i) {
    const std::string text = mutator.next();
    Effort effort(base::system_env());
    try {
      JsonPath(text).find(kReport, effort);
    } catch (const std::invalid_argument&) {
      continue;
    } catch (const Error&) {
      continue;
    }
  }
}

TEST(Mutations, OfFormatsBecomeTextsOrPythonsErrors) {
  Mutator mutator({"{data[a][b][0]:>10}", "{data[s]!r:^20}", "{data[big]:,.3f}", "{{{data[s]}}}",
                   "{data[nics][0][mac]:x<30}", "{data[a][b][3]:+08.2e}", "{data[a]}",
                   "{data[s]:{data[a][b][0]}}"});
  for (int i = 0; i < rounds(); ++i) {
    const std::string text = mutator.next();
    Effort effort(base::system_env());
    try {
      EXPECT_LE(python_format(text, kReport, effort).size(), Effort::kLongestText);
    } catch (const PythonError&) {
      continue;
    } catch (const Error&) {
      continue;
    }
  }
}

TEST(Mutations, OfPoliciesAreChecksOrRefused) {
  Mutator mutator({"role:admin and (not rule:x or @)", "!", "a.b:%(c)s", "'x':y or z:True",
                   "((role:a))", "not not role:b"});
  const json::object credentials{{"roles", {"admin"}}, {"a", {{"b", "c"}}}};
  for (int i = 0; i < rounds(); ++i) {
    const std::string text = mutator.next();
    try {
      PolicyCheck::parse(text).passes(credentials, {});
    } catch (const std::invalid_argument&) {
      continue;
    }
  }
}

TEST(Mutations, OfRulesAreBadRequestsOrCanBeEvaluated) {
  Mutator mutator({
      R"({"conditions":[{"op":"eq","field":"a.b","value":1}],"actions":[{"action":"example"}]})",
      R"({"conditions":[{"op":"matches","field":"s","value":"(t|te)+xt","multiple":"all"}],)"
      R"("actions":[{"action":"fail","message":"m"}]})",
      R"({"conditions":[{"op":"in-net","field":"node://ip","value":"10.0.0.0/8"}],)"
      R"("scope":"s","actions":[{"action":"set-attribute","path":"/a","value":null}]})",
      R"({"uuid":"7459bf7c-9ff9-43a8-ba9f-48542ecda66c","description":"d",)"
      R"("actions":[{"action":"extend-attribute","path":"/x","value":"{data[s]}","unique":true}]})",
      R"({"conditions":[{"op":"contains","field":"$..*","value":"[a-z]{1,3}$","invert":true}],)"
      R"("actions":[{"action":"set-capability","name":"n"}]})",
  });
  for (int i = 0; i < rounds(); ++i) {
    boost::system::error_code failed;
    const json::value request = json::parse(mutator.next(), failed);
    if (failed || !request.is_object()) continue;
    Effort effort(base::system_env());
    try {
      for (const RuleCondition& condition : checked_rule(request.get_object()).conditions)
        Condition(condition).holds(kReport, effort);
    } catch (const PythonError&) {
      continue;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Errc::kBadRequest) << error.what();
    }
  }
}

}  // namespace
}  // namespace inspector
