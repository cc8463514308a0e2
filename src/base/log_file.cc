#include "base/log_file.h"

#include <spdlog/details/file_helper.h>
#include <spdlog/sinks/base_sink.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <mutex>
#include <vector>

namespace base {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::system_clock;
using Rotation = LogOptions::Rotation;

/// The beginning of the local day after `time`.
Clock::time_point next_midnight(Clock::time_point time) {
  const std::time_t seconds = Clock::to_time_t(time);
  std::tm day{};
  localtime_r(&seconds, &day);
  day.tm_mday += 1;
  day.tm_hour = day.tm_min = day.tm_sec = 0;
  day.tm_isdst = -1;
  return Clock::from_time_t(std::mktime(&day));
}

/// The end of the local day of that name, today's included, as Python's handler has it; 0: Monday.
Clock::time_point end_of_weekday(Clock::time_point time, int weekday) {
  const std::time_t seconds = Clock::to_time_t(time);
  std::tm day{};
  localtime_r(&seconds, &day);
  constexpr int kWeek = 7;
  const int today = (day.tm_wday + kWeek - 1) % kWeek;
  day.tm_mday += (weekday - today + kWeek) % kWeek + 1;
  day.tm_hour = day.tm_min = day.tm_sec = 0;
  day.tm_isdst = -1;
  return Clock::from_time_t(std::mktime(&day));
}

/// As fine as the interval is, so that no two old files have the same name.
std::string suffix(Clock::time_point time, const LogOptions& options) {
  const char* format = "%Y-%m-%d_%H-%M-%S";
  if (options.rotate_at_midnight || options.rotate_weekday ||
      options.rotate_every >= std::chrono::hours(24))
    format = "%Y-%m-%d";
  else if (options.rotate_every >= std::chrono::hours(1))
    format = "%Y-%m-%d_%H";
  else if (options.rotate_every >= std::chrono::minutes(1))
    format = "%Y-%m-%d_%H-%M";
  const std::time_t seconds = Clock::to_time_t(time);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 40> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

/// A file that is moved away gets the lines of that long: a look is a system call.
constexpr auto kLookAgain = std::chrono::milliseconds(10);

class LogFile : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit LogFile(const LogOptions& options) : options_(options) { open(); }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    if (message.time - looked_ >= kLookAgain) {
      looked_ = message.time;
      if (moved()) open();
    }
    if (due(line.size())) rotate();
    file_.write(line);
    size_ += line.size();
  }
  void flush_() override { file_.flush(); }

  void open() {
    file_.open(options_.file);
    struct stat status {};
    const bool known = stat(options_.file.c_str(), &status) == 0;
    device_ = status.st_dev;
    inode_ = status.st_ino;
    size_ = known ? static_cast<std::uint64_t>(status.st_size) : 0;
    begun_ = size_ > 0 ? Clock::from_time_t(status.st_mtime) : Clock::now();
  }

  bool moved() const {
    struct stat status {};
    return stat(options_.file.c_str(), &status) != 0 || status.st_dev != device_ ||
           status.st_ino != inode_;
  }

  bool due(std::size_t more) const {
    if (options_.rotation == Rotation::kSize)
      return size_ > 0 && options_.rotate_bytes > 0 && size_ + more > options_.rotate_bytes;
    if (options_.rotation != Rotation::kInterval) return false;
    return Clock::now() >= end_of(begun_);
  }

  Clock::time_point end_of(Clock::time_point begin) const {
    if (options_.rotate_weekday) return end_of_weekday(begin, *options_.rotate_weekday);
    return options_.rotate_at_midnight ? next_midnight(begin) : begin + options_.rotate_every;
  }

  /// What cannot be moved or removed stays; the lines go on.
  void rotate() {
    file_.close();
    std::error_code ignored;
    if (options_.rotation == Rotation::kSize) {
      for (std::uint32_t i = options_.rotated_files; i > 1; --i)
        fs::rename(numbered(i - 1), numbered(i), ignored);
      if (options_.rotated_files > 0) fs::rename(options_.file, numbered(1), ignored);
    } else {
      fs::rename(options_.file, options_.file + "." + suffix(begun_, options_), ignored);
      remove_oldest();
    }
    open();
    if (options_.rotation == Rotation::kInterval) begun_ = Clock::now();
  }

  std::string numbered(std::uint32_t i) const { return options_.file + "." + std::to_string(i); }

  /// The names sort by time.
  void remove_oldest() {
    if (options_.rotated_files == 0) return;  // as with Python: no limit
    const fs::path path(options_.file);
    const std::string stem = path.filename().string() + ".2";  // of this millennium
    std::vector<fs::path> old;
    std::error_code ignored;
    const fs::path folder = path.parent_path().empty() ? "." : path.parent_path();
    for (const auto& entry : fs::directory_iterator(folder, ignored))
      if (entry.path().filename().string().starts_with(stem)) old.push_back(entry.path());
    std::sort(old.begin(), old.end());
    for (std::size_t i = 0; i + options_.rotated_files < old.size(); ++i)
      fs::remove(old[i], ignored);
  }

  LogOptions options_;
  spdlog::details::file_helper file_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  spdlog::log_clock::time_point looked_{};
  std::uint64_t size_ = 0;
  Clock::time_point begun_;
};

}  // namespace

std::shared_ptr<spdlog::sinks::sink> log_file_sink(const LogOptions& options) {
  try {
    return std::make_shared<LogFile>(options);
  } catch (const spdlog::spdlog_ex& e) {
    throw std::runtime_error("log_file: cannot log to the file '" + options.file +
                             "': " + e.what());
  }
}

}  // namespace base
