// Every target of tests/fuzz over its corpus, and over mutations of it that are always the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "base/log_options.h"
#include "tests/fuzz/target.h"
#include "tests/paths/paths.h"

namespace fuzz {

// What the test is called by.
static void PrintTo(const Target& target, std::ostream* out) { *out << target.name; }

namespace {

namespace fs = std::filesystem;

class QuietLog : public testing::Environment {
  void SetUp() override { base::configure_log({.file = "/dev/null"}); }
};
const auto* const kQuiet = testing::AddGlobalTestEnvironment(new QuietLog);

std::vector<std::string> corpus(const Target& target) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& file :
       fs::directory_iterator(fs::path(support::source_path("tests/fuzz/corpus")) / target.name)) {
    std::ifstream in(file.path(), std::ios::binary);
    files.emplace_back(file.path().filename(), std::string(std::istreambuf_iterator<char>(in), {}));
  }
  std::ranges::sort(files);
  std::vector<std::string> bytes;
  for (auto& [name, text] : files)
    bytes.push_back(std::move(text));
  return bytes;
}

/// What libFuzzer does, without looking where the code goes.
class Mutator {
 public:
  explicit Mutator(const std::vector<std::string>& all) : all_(all) {}

  std::string next() {
    std::string bytes = pick(all_);
    for (auto times = 1 + chance_() % 4; times > 0; --times)
      mutate(bytes);
    return bytes;
  }

 private:
  const std::string& pick(const std::vector<std::string>& list) {
    return list[chance_() % list.size()];
  }

  void mutate(std::string& bytes) {
    static const std::vector<std::string> kWords{std::string(1, '\0'),
                                                 "\xff\xff\xff\xff",
                                                 "\x7f\xff\xff\xff\xff\xff\xff\xff",
                                                 "-1",
                                                 "18446744073709551616",
                                                 "1e999",
                                                 "\r\n",
                                                 "%00",
                                                 "[[[[[[[[",
                                                 "\"",
                                                 "null",
                                                 "\xed\xa0\x80"};
    const std::size_t at = chance_() % (bytes.size() + 1);
    const std::size_t length = 1 + chance_() % 16;
    switch (chance_() % 6) {
      case 0:
        if (at < bytes.size()) bytes[at] = static_cast<char>(chance_());
        break;
      case 1:
        bytes.erase(at, length);
        break;
      case 2:
        bytes.insert(at, bytes.substr(chance_() % (bytes.size() + 1), length));
        break;
      case 3:
        bytes.insert(at, pick(kWords));
        break;
      case 4:
        bytes.replace(at, length, pick(kWords));
        break;
      default:
        bytes = bytes.substr(0, at) + pick(all_);
    }
  }

  const std::vector<std::string>& all_;
  std::mt19937 chance_{1};
};

class FuzzTarget : public testing::TestWithParam<Target> {};

TEST_P(FuzzTarget, TakesItsCorpusAndMutationsOfIt) {
  constexpr int kMutations = 2000;
  const auto all = corpus(GetParam());
  ASSERT_FALSE(all.empty());
  const auto run = [](const std::string& bytes) {
    try {
      GetParam().run(bytes);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what() << "\nof: " << testing::PrintToString(bytes);
    }
  };
  for (const auto& bytes : all)
    run(bytes);
  Mutator mutator(all);
  for (int i = 0; i < kMutations && !HasFailure(); ++i)
    run(mutator.next());
}

std::string name_of(const testing::TestParamInfo<Target>& info) {
  return std::string(info.param.name);
}

INSTANTIATE_TEST_SUITE_P(Of, FuzzTarget, testing::ValuesIn(targets().begin(), targets().end()),
                         name_of);

}  // namespace
}  // namespace fuzz
