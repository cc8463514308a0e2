#include "tests/e2e/toozctl.h"

#include "tests/paths/paths.h"

#include <atomic>
#include <fstream>
#include <iostream>
#include <sstream>

namespace e2e {
namespace {

std::filesystem::path next_file(const support::TempFolder& folder) {
  static std::atomic<int> count = 0;
  return folder.path() / std::to_string(++count);
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Words joined(Words first, const Words& rest) {
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

}  // namespace

Program::Program(const support::TempFolder& folder, Words words)
    : errors_(next_file(folder)),
      process_({std::move(words), {}, next_file(folder), {}, errors_}) {}

std::string Program::err() const { return contents(errors_); }

bool Program::says(std::string_view text, Env::Duration timeout) {
  return process_.wait_for_output(text, timeout);
}

bool Program::warns(std::string_view text, Env::Duration timeout) {
  const auto there = [&] { return err().find(text) != std::string::npos; };
  return support::eventually([&] { return there() || !process_.running(); }, timeout) && there();
}

int Program::end(Env::Duration timeout) { return process_.wait(timeout).value_or(-1); }

int Program::stop(Env::Duration timeout) {
  process_.signal(SIGTERM);
  return end(timeout);
}

void Program::kill9() {
  process_.signal(SIGKILL);
  end();
}

Words WithEtcd::toozctl(const std::string& backend, const Words& words) {
  return joined({support::built_path("toozctl"), "--backend", backend}, words);
}

Result WithEtcd::run_at(const std::string& backend, const Words& words) const {
  Program program(folder_, toozctl(backend, words));
  const int code = program.end();
  return {code, program.out(), program.err()};
}

Program WithEtcd::actor(const Words& words) const {
  return {folder_, joined({support::built_path("../tests/tooz_actor"), url()}, words)};
}

Program WithEtcd::python(const Words& words) const {
  return {folder_, joined({"/usr/bin/python3", "-B",
                           support::source_path("tests/e2e/tooz_python.py"), url()},
                          words)};
}

void WithEtcd::note(const std::string& what, Env::TimePoint since) const {
  const auto passed = std::chrono::duration_cast<milliseconds>(now() - since);
  std::cout << "  " << what << ": " << passed.count() << " ms\n";
}

// The field behind the name in parentheses is the state.
bool runs(pid_t pid) {
  const std::string stat = contents("/proc/" + std::to_string(pid) + "/stat");
  const auto name_end = stat.rfind(')');
  return name_end != std::string::npos && stat[name_end + 2] != 'Z' && stat[name_end + 2] != 'X';
}

}  // namespace e2e
