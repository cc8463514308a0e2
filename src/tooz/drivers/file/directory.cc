#include "tooz/drivers/file/directory.h"

#include "base/retry.h"
#include "tooz/drivers/file/failure.h"
#include "tooz/drivers/file/file_system.h"
#include "tooz/error.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cerrno>
#include <filesystem>

namespace tooz::file {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr const char* kNewFile = "tooz-cc.data.new";
constexpr off_t kMaxData = 64 << 20;
constexpr mode_t kDirectoryMode = 0700;
constexpr mode_t kFileMode = 0600;

Descriptor open_directory(const std::string& path) {
  return Descriptor(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

// 0, or the errno.
int write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0 ? 0 : errno;
}

}  // namespace

Directory::Directory(const Settings& settings) : settings_(settings) {
  open();
  refuse_shared();
}

Directory::Unlock::~Unlock() { ::flock(directory, LOCK_UN); }

void Directory::open() {
  directory_ = open_directory(settings_.directory);
  if (directory_) return;
  if (errno != ENOENT) fail(settings_.name, "opening the directory", errno);
  if (::mkdir(settings_.directory.c_str(), kDirectoryMode) != 0 && errno != EEXIST)
    fail(settings_.name, "making the directory", errno);
  directory_ = open_directory(settings_.directory);
  if (!directory_) fail(settings_.name, "opening the directory", errno);
  const Descriptor parent =
      open_directory(std::filesystem::path(settings_.directory).parent_path().string());
  if (!parent || ::fsync(parent.get()) != 0)
    fail(settings_.name, "making the directory durable", errno);
}

void Directory::refuse_shared() const {
  struct statfs status {};
  if (::fstatfs(directory_.get(), &status) != 0)
    fail(settings_.name, "asking for the file system", errno);
  // The numbers have 32 bits; the field is wider, and signed.
  if (const auto kind = shared_file_system(static_cast<unsigned long>(status.f_type) & 0xffffffff))
    throw Error(Errc::kUnsuitable, settings_.name + ": on " + std::string(*kind) +
                                       ", which several machines may share");
}

void Directory::lock(base::Env& env) {
  const auto deadline = env.after(settings_.timeout);
  base::Backoff pauses(env, microseconds(200), milliseconds(5));
  while (::flock(directory_.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) fail(settings_.name, "locking", errno);
    if (env.now() >= deadline) fail(settings_.name, "another process has it locked", EWOULDBLOCK);
    env.sleep_for(pauses.next(), {});
  }
  locked_.emplace(directory_.get());
}

std::optional<Buffer> Directory::read() const {
  const Descriptor file(
      ::openat(directory_.get(), kDataFile, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file && errno == ENOENT) return std::nullopt;
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0) fail(settings_.name, "opening the data", errno);
  if (!S_ISREG(status.st_mode) || status.st_size > kMaxData) return Buffer();
  Buffer bytes(static_cast<std::size_t>(status.st_size));
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::read(file.get(), bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(settings_.name, "reading the data", errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

void Directory::replace(std::string_view bytes) const {
  if (bytes.size() > static_cast<std::size_t>(kMaxData))
    throw Error(Errc::kTooLarge, settings_.name + ": all data together");
  const int at = directory_.get();
  ::unlinkat(at, kNewFile, 0);  // of one that was killed
  const Descriptor file(
      ::openat(at, kNewFile, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
  int error = file ? write_all(file.get(), bytes) : errno;
  if (error == 0 && ::renameat(at, kNewFile, at, kDataFile) != 0) error = errno;
  if (error != 0) {
    ::unlinkat(at, kNewFile, 0);
    fail(settings_.name, "writing the data", error);
  }
  if (::fsync(at) != 0) fail(settings_.name, "making the data durable", errno);
}

}  // namespace tooz::file
