#include "tooz/drivers/file/file.h"

#include "tests/support/process.h"
#include "tooz/drivers/file/codec.h"
#include "tooz/drivers/file/file_system.h"
#include "tooz/testing/background.h"
#include "tooz/url.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

namespace tooz {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

Env& env() { return base::system_env(); }

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}
void write(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

class File : public testing::Test {
 protected:
  std::unique_ptr<Backend> open(const std::string& options = "") const {
    return open_file(env(), parse_url("file://" + directory.string() + options));
  }
  std::unique_ptr<Backend> after_boot(const std::string& boot) const {
    return make_file_backend(env(), {directory, "file", boot, 5s});
  }
  fs::path data() const { return directory / file::kDataFile; }

  support::TempFolder folder;
  const fs::path directory = folder.path() / "state";
};

TEST_F(File, OpeningMakesNothingAndTheFirstCallMakesAPrivateDirectory) {
  const auto backend = open();
  EXPECT_FALSE(fs::exists(directory));
  EXPECT_EQ(backend->get("k"), std::nullopt);
  struct stat status {};
  ASSERT_EQ(::stat(directory.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0700U);
  ASSERT_EQ(::stat(data().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0600U);
}

TEST_F(File, WaitingIsPossibleBeforeAnythingElse) {
  const auto backend = open();
  backend->wait_change("k", 0, env().now() + 1ms, {});
  EXPECT_TRUE(fs::exists(directory));
}

TEST_F(File, AnotherBackendOnTheDirectorySeesAllOfIt) {
  const auto one = open();
  const auto other = open();
  const Session session = one->open_session(30s);
  const Revision made = one->create("k", "v", session.id).value();
  EXPECT_EQ(other->get("k")->created, made);
  EXPECT_EQ(other->origin(), one->origin());
  EXPECT_EQ(other->renew(session.id), 30s);
  Background waiter(env(), [&] { one->wait_change("k", made, env().now() + 30s, {}); });
  ASSERT_TRUE(other->remove("k", made));
  EXPECT_TRUE(waiter.ends_within(15s));
}

TEST_F(File, AnotherStartOfTheMachineEndsAllSessions) {
  const auto before = after_boot("first");
  const Session session = before->open_session(1h);
  const Revision owned = before->create("owned", "v", session.id).value();
  const Revision kept = before->create("kept", "v", SessionId::kNone).value();
  const std::string origin = before->origin();

  const auto after = after_boot("second");
  EXPECT_EQ(after->get("owned"), std::nullopt);
  EXPECT_EQ(after->get("kept")->created, kept);
  EXPECT_EQ(after->origin(), origin);
  EXPECT_EQ(error_of([&] { after->renew(session.id); }), Errc::kSessionLost);
  const auto deadline = env().now() + 30s;
  after->wait_change("owned", kept, deadline, {});
  EXPECT_LT(env().now(), deadline);
  EXPECT_GT(after->create("owned", "v", SessionId::kNone).value(), std::max(owned, kept));
}

TEST_F(File, EveryDamageIsAnErrorAndStaysOne) {
  const auto backend = open();
  ASSERT_TRUE(backend->create("key", "value", backend->open_session(30s).id));
  const std::string good = content_of(data());
  const auto refused = [&](const std::string& bytes) {
    write(data(), bytes);
    EXPECT_EQ(error_of([&] { backend->get("key"); }), Errc::kDenied);
    EXPECT_EQ(error_of([&] { backend->create("k", "v", SessionId::kNone); }), Errc::kDenied);
    EXPECT_EQ(content_of(data()), bytes) << "nobody starts afresh over it";
  };
  for (std::size_t size = 0; size < good.size(); ++size)
    refused(good.substr(0, size));
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string flipped = good;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x10);
    refused(flipped);
  }
  refused(good + "x");
  write(data(), good);
  EXPECT_EQ(backend->get("key")->value, "value");
}

TEST_F(File, ContentsComeBackAsTheyWereWritten) {
  LeasedMap::Data filled;
  filled.origin = "origin";
  filled.sessions[SessionId{7}] = {1s, Env::TimePoint(5s)};
  filled.add_key("k", "v", {{}, SessionId{7}, 1, 2});
  filled.add_change(2, "k", 1);
  const auto back = file::decode(file::encode("boot", filled));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->boot_id, "boot");
  EXPECT_EQ(back->data.keys.at("k").value, "v");
  EXPECT_EQ(back->data.keys.at("k").revision, 2);
  EXPECT_EQ(back->data.sessions.at(SessionId{7}).ttl, 1s);
  EXPECT_EQ(back->data.changes, filled.changes);
  EXPECT_FALSE(file::decode(std::string(file::encode("boot", filled)) + "more"));
  EXPECT_FALSE(file::decode(""));
}

TEST_F(File, WhatAKilledWriterLeftIsOverwritten) {
  const auto backend = open();
  const Revision first = backend->create("k", "1", SessionId::kNone).value();
  write(directory / "tooz-cc.data.new", "half a fil");
  EXPECT_EQ(backend->get("k")->value, "1");
  ASSERT_TRUE(backend->replace("k", "2", first));
  EXPECT_EQ(open()->get("k")->value, "2");
  EXPECT_FALSE(fs::exists(directory / "tooz-cc.data.new"));
}

TEST_F(File, RemovedDataIsAnotherOriginWhereNoOldSessionLives) {
  const auto backend = open();
  const std::string origin = backend->origin();
  const Session session = backend->open_session(30s);
  const Revision at = backend->create("k", "v", session.id).value() + 5;
  fs::remove_all(directory);
  EXPECT_NE(backend->origin(), origin);
  backend->open_session(30s);
  EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kSessionLost);
  const auto deadline = env().now() + 30s;
  backend->wait_change("k", at, deadline, {});
  EXPECT_LT(env().now(), deadline);
}

TEST_F(File, AWaitNoticesThatTheDirectoryIsTakenAway) {
  const auto backend = open();
  const Revision at = backend->create("k", "v", SessionId::kNone).value();
  // Whether the watch stood already decides between a return and kUnreachable; neither sleeps on.
  Background waiter(env(), [&] {
    const auto error = error_of([&] { backend->wait_change("k", at, env().now() + 30s, {}); });
    EXPECT_EQ(error.value_or(Errc::kUnreachable), Errc::kUnreachable);
  });
  fs::rename(directory, folder.path() / "elsewhere");
  EXPECT_TRUE(waiter.ends_within(15s));
}

TEST_F(File, ALockThatOthersKeepIsWaitedForNoLongerThanTheTimeout) {
  const auto backend = open("?timeout=50ms");
  ASSERT_TRUE(backend->create("k", "v", SessionId::kNone));
  const Descriptor other(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ASSERT_EQ(::flock(other.get(), LOCK_EX), 0);
  EXPECT_EQ(error_of([&] { backend->create("l", "v", SessionId::kNone); }), Errc::kUnreachable);
  EXPECT_EQ(backend->get("k")->value, "v") << "who only reads does not wait";
  ASSERT_EQ(::flock(other.get(), LOCK_UN), 0);
  EXPECT_TRUE(backend->create("l", "v", SessionId::kNone));
}

TEST_F(File, TheTextOfAnErrorNamesTheDirectory) {
  write(folder.path() / "plain", "");
  const auto message = [](const std::string& url) -> std::string {
    try {
      open_file(env(), parse_url(url))->get("k");
    } catch (const Error& e) {
      return std::to_string(e.code().value()) + " " + e.what();
    }
    return "no error";
  };
  const std::string under_file = "file://" + (folder.path() / "plain" / "state").string();
  EXPECT_EQ(message(under_file),
            "3 " + under_file +
                ": opening the directory: Not a directory: the backend refuses "
                "access");
  const std::string no_parent = "file://" + (folder.path() / "absent" / "state").string();
  EXPECT_EQ(message(no_parent),
            "1 " + no_parent +
                ": making the directory: No such file or directory: the backend "
                "does not answer");
}

TEST_F(File, OnlyAnAbsoluteDirectoryAndKnownOptionsMakeAUrl) {
  for (const auto* url : {"file://", "file:///", "file:////", "file://relative/path",
                          "file://user@/var/lib", "file:///var/lib?api_version=v3",
                          "file:///var/lib?timeout=0", "file:///var/lib?lock_timeout=soon"})
    EXPECT_EQ(error_of([&] { open_file(env(), parse_url(url)); }), Errc::kBadUrl) << url;
  EXPECT_TRUE(open("/?timeout=1&lock_timeout=2&membership_timeout=3s"));
}

TEST_F(File, FileSystemsOfSeveralMachinesAreKnownByName) {
  EXPECT_EQ(file::shared_file_system(0x6969), "NFS");
  EXPECT_EQ(file::shared_file_system(0xff534d42), "CIFS");
  EXPECT_EQ(file::shared_file_system(0x65735546), "FUSE");
  constexpr unsigned long kExt = 0xef53;
  constexpr unsigned long kTmpfs = 0x01021994;
  EXPECT_EQ(file::shared_file_system(kExt), std::nullopt);
  EXPECT_EQ(file::shared_file_system(kTmpfs), std::nullopt);
}

}  // namespace
}  // namespace tooz
