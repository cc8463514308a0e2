#include "tooz/recipes/process_identity.h"

#include "tooz/value.h"

#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>

namespace tooz {
namespace {

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

struct Stat {
  char state = 0;
  std::int64_t start_time = 0;
};

// /proc/PID/stat: the name, in parentheses, may contain anything; the third field follows it.
std::optional<Stat> read_stat(const std::string& pid) {
  const std::string line = first_line("/proc/" + pid + "/stat");
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(line.substr(name_end + 1));
  Stat stat;
  fields >> stat.state;
  constexpr int kBetween = 18;  // fields 4 to 21
  std::string skipped;
  for (int i = 0; i < kBetween; ++i)
    fields >> skipped;
  fields >> stat.start_time;
  return fields ? std::optional(stat) : std::nullopt;
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string pid_namespace() {
  std::array<char, 64> target{};
  const auto size = readlink("/proc/self/ns/pid", target.data(), target.size());
  return size > 0 ? std::string(target.data(), static_cast<std::size_t>(size)) : "";
}

std::string text_of(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value && value->text() ? *value->text() : "";
}

std::int64_t number_of(const Value& map, std::string_view key) {
  const Value* value = map.find(key);
  return value && value->integer() ? *value->integer() : 0;
}

}  // namespace

std::string ProcessIdentity::text() const {
  return "process " + std::to_string(pid) + " on host " + host;
}

Processes system_processes() {
  const auto stat = read_stat("self");
  ProcessIdentity self{.host = host_name(),
                       .boot_id = first_line("/proc/sys/kernel/random/boot_id"),
                       .pid_namespace = pid_namespace(),
                       .pid = getpid(),
                       .start_time = stat ? stat->start_time : 0};
  auto runs = [boot = self.boot_id,
               space = self.pid_namespace](const ProcessIdentity& other) -> std::optional<bool> {
    const bool in_sight =
        !boot.empty() && !space.empty() && other.boot_id == boot && other.pid_namespace == space;
    if (!in_sight) return std::nullopt;
    const auto found = read_stat(std::to_string(other.pid));
    return found && found->state != 'Z' && found->state != 'X' &&
           found->start_time == other.start_time;
  };
  return {std::move(self), std::move(runs)};
}

std::string encode(const IdentityRecord& record) {
  return to_msgpack(Value::Map{{"host", record.process.host},
                               {"boot_id", record.process.boot_id},
                               {"pid_namespace", record.process.pid_namespace},
                               {"pid", record.process.pid},
                               {"start_time", record.process.start_time},
                               {"coordinator", record.coordinator},
                               {"incarnation", record.incarnation}});
}

std::optional<IdentityRecord> decode_identity(std::string_view bytes) {
  try {
    const Value map = from_msgpack(bytes);
    if (text_of(map, "coordinator").empty() || text_of(map, "boot_id").empty()) return std::nullopt;
    return IdentityRecord{.process = {.host = text_of(map, "host"),
                                      .boot_id = text_of(map, "boot_id"),
                                      .pid_namespace = text_of(map, "pid_namespace"),
                                      .pid = number_of(map, "pid"),
                                      .start_time = number_of(map, "start_time")},
                          .coordinator = text_of(map, "coordinator"),
                          .incarnation = number_of(map, "incarnation")};
  } catch (const BadValue&) {
    return std::nullopt;
  }
}

}  // namespace tooz
