#include "tests/support/process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace support {
namespace {

using base::Env;

constexpr auto kPollPause = std::chrono::milliseconds(10);

void pause_a_little() { base::system_env().sleep_for(kPollPause, {}); }

std::vector<std::string> merged_environment(const std::map<std::string, std::string>& added) {
  std::map<std::string, std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != std::string_view::npos)
      all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  for (const auto& [name, value] : added)
    all[name] = value;
  std::vector<std::string> entries;
  for (const auto& [name, value] : all)
    entries.push_back(name + "=" + value);
  return entries;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& text : texts)
    out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

struct Streams {
  const char* output;
  const char* errors;
};

// In the child, where only system calls may be made.
[[noreturn]] void become(char** arguments, char** environment, const Streams& streams,
                         const char* folder) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that crashes leaves nothing behind
  const int in = open("/dev/null", O_RDONLY);
  const int out = open(streams.output, O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int errors = open(streams.errors, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (in < 0 || out < 0 || errors < 0) _exit(126);
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(errors, 2) < 0) _exit(126);
  if (*folder != '\0' && chdir(folder) != 0) _exit(126);
  execvpe(arguments[0], arguments, environment);
  _exit(127);
}

int exit_code(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Process::Process(const Command& command) : output_(command.output) {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = merged_environment(command.environment);
  const auto argv = pointers(arguments);
  const auto envp = pointers(environment);
  const std::string output = output_.empty() ? "/dev/null" : output_.string();
  const std::string errors = command.errors.empty() ? output : command.errors.string();
  const std::string folder = command.folder.string();
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
  if (pid_ == 0)
    become(const_cast<char**>(argv.data()), const_cast<char**>(envp.data()),
           {output.c_str(), errors.c_str()}, folder.c_str());
}

Process::~Process() {
  if (!running()) return;
  kill(pid_, SIGKILL);
  int status = 0;
  waitpid(pid_, &status, 0);
}

bool Process::running() {
  if (exit_) return false;
  int status = 0;
  const pid_t ended = waitpid(pid_, &status, WNOHANG);
  if (ended == 0) return true;
  exit_ = ended == pid_ ? exit_code(status) : -1;
  return false;
}

void Process::signal(int number) {
  if (running()) kill(pid_, number);
}

void Process::freeze() {
  signal(SIGSTOP);
  eventually([this] {
    if (exit_) return true;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG | WUNTRACED) != pid_) return false;
    if (!WIFSTOPPED(status)) exit_ = exit_code(status);
    return true;
  });
}

void Process::thaw() { signal(SIGCONT); }

std::optional<int> Process::wait(Env::Duration timeout) {
  eventually([this] { return !running(); }, timeout);
  return exit_;
}

int Process::stop(Env::Duration grace) {
  signal(SIGTERM);
  if (const auto code = wait(grace)) return *code;
  signal(SIGKILL);
  return wait(std::chrono::seconds(10)).value_or(-1);
}

std::string Process::output() const {
  std::ifstream in(output_, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool Process::wait_for_output(std::string_view text, Env::Duration timeout) {
  const auto there = [&] { return output().find(text) != std::string::npos; };
  return eventually([&] { return there() || !running(); }, timeout) && there();
}

std::string run(const std::vector<std::string>& arguments,
                const std::map<std::string, std::string>& environment) {
  const TempFolder folder;
  Process process({arguments, environment, folder.path() / "output", {}});
  const auto code = process.wait(std::chrono::minutes(1));
  std::string output = process.output();
  if (code == 0) return output;
  throw std::runtime_error(arguments.front() + " failed (" +
                           (code ? std::to_string(*code) : "still running") + "): " + output);
}

bool eventually(const std::function<bool()>& ready, Env::Duration timeout) {
  Env& env = base::system_env();
  const auto deadline = env.now() + timeout;
  while (!ready()) {
    if (env.now() >= deadline) return false;
    pause_a_little();
  }
  return true;
}

TempFolder::TempFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "tooz-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr)
    throw std::runtime_error(pattern + ": " + std::strerror(errno));
  path_ = pattern;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace support
