#include "inspector/conductor/ramdisk_logs.h"

#include "base/log.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace inspector {
namespace {

constexpr std::string_view kComponent = "inspector.ramdisk_logs";

std::string value_or_unknown(const std::string& value) {
  if (value.empty()) return "unknown";
  std::string safe = value;
  std::ranges::replace_if(
      safe, [](char c) { return c == '/' || c == '\\' || c == '\0'; }, '_');
  return safe;
}

/// strftime() with Python's %f.
std::string format_time(std::string_view format, base::Env::WallTime time) {
  using std::chrono::floor;
  const auto seconds = floor<std::chrono::seconds>(time);
  const auto micros = floor<std::chrono::microseconds>(time - seconds).count();
  char fraction[24];
  std::snprintf(fraction, sizeof fraction, "%06lld", static_cast<long long>(micros));
  std::string expanded(format);
  for (std::size_t at = 0; (at = expanded.find('%', at)) != std::string::npos; at += 2)
    if (expanded.compare(at, 2, "%f") == 0) expanded.replace(at, 2, fraction), at += 4;

  const std::time_t whole = std::chrono::system_clock::to_time_t(seconds);
  std::tm utc{};
  gmtime_r(&whole, &utc);
  char text[256];
  const std::size_t size = std::strftime(text, sizeof text, expanded.c_str(), &utc);
  return std::string(text, size);
}

std::string field_value(std::string_view field, const LogOrigin& origin, base::Env::WallTime time) {
  if (field == "uuid") return value_or_unknown(origin.uuid);
  if (field == "bmc") return value_or_unknown(origin.bmc);
  if (field == "mac") return value_or_unknown(origin.mac);
  if (field == "dt") return format_time("%Y-%m-%d %H:%M:%S.%f", time);
  if (field.starts_with("dt:")) return format_time(field.substr(3), time);
  throw std::invalid_argument("unknown field {" + std::string(field) +
                              "}; there are {uuid}, {bmc}, {mac} and {dt:FORMAT}");
}

std::string decode_base64(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  for (const char c : text)
    if (std::isspace(static_cast<unsigned char>(c)) == 0) clean.push_back(c);
  std::string bytes(clean.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(clean.data()),
                                   static_cast<int>(clean.size()));
  if (size < 0) throw std::invalid_argument("the logs are not base64");
  const std::size_t padding = clean.ends_with("==") ? 2 : clean.ends_with("=") ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

void write_file(const RamdiskLogsOptions& options, std::string_view base64, const LogOrigin& origin,
                base::Env::WallTime time) {
  const std::filesystem::path folder(options.directory);
  const std::filesystem::path name(log_file_name(options.filename_format, origin, time));
  if (name.empty() || name != name.filename() || name == "." || name == "..")
    throw std::invalid_argument("the file name '" + name.string() + "' leads out of the folder");
  const std::string bytes = decode_base64(base64);
  std::filesystem::create_directories(folder);
  std::ofstream file(folder / name, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file)
    throw std::system_error(errno, std::generic_category(),
                            "cannot write " + (folder / name).string());
  base::log_info(kComponent, "Ramdisk logs were stored in file " + name.string(),
                 {{"node", origin.uuid}});
}

}  // namespace

std::string log_file_name(std::string_view format, const LogOrigin& origin,
                          base::Env::WallTime time) {
  std::string name;
  for (std::size_t at = 0; at < format.size(); ++at) {
    const char c = format[at];
    if ((c == '{' || c == '}') && format.substr(at + 1, 1) == std::string_view(&c, 1)) {
      name.push_back(c);
      ++at;
    } else if (c == '{') {
      const std::size_t end = format.find('}', at);
      if (end == std::string_view::npos) throw std::invalid_argument("a brace is not closed");
      name += field_value(format.substr(at + 1, end - at - 1), origin, time);
      at = end;
    } else if (c == '}') {
      throw std::invalid_argument("a single '}' in the format");
    } else {
      name.push_back(c);
    }
  }
  return name;
}

void store_ramdisk_logs(const RamdiskLogsOptions& options, std::string_view base64,
                        const LogOrigin& origin, base::Env::WallTime time) noexcept {
  try {
    if (base64.empty()) {
      base::log_warning(kComponent, "No logs were passed by the ramdisk", {{"node", origin.uuid}});
    } else if (options.directory.empty()) {
      base::log_warning(kComponent,
                        "Failed to store logs received from the ramdisk because ramdisk_logs_dir "
                        "configuration option is not set",
                        {{"node", origin.uuid}});
    } else {
      write_file(options, base64, origin, time);
    }
  } catch (const std::exception& error) {
    base::log_error(kComponent, std::string("Failed to store logs of the ramdisk: ") + error.what(),
                    {{"node", origin.uuid}});
  }
}

}  // namespace inspector
