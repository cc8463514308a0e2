#include "base/log_format.h"

#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <stdexcept>

#include "base/log_line.h"

namespace base {
namespace {

[[noreturn]] void refuse(std::string_view format, std::string_view why) {
  throw std::runtime_error("the log format '" + std::string(format) + "' " + std::string(why));
}

std::string date(std::chrono::system_clock::time_point time, const std::string& format) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  localtime_r(&seconds, &parts);
  std::array<char, 200> text{};
  return {text.data(), std::strftime(text.data(), text.size(), format.c_str(), &parts)};
}

int milliseconds(std::chrono::system_clock::time_point time) {
  const auto since = time.time_since_epoch();
  return static_cast<int>((std::chrono::floor<std::chrono::milliseconds>(since) -
                           std::chrono::floor<std::chrono::seconds>(since))
                              .count());
}

void append(std::string& line, std::string_view text, int width, bool zeros) {
  const std::size_t wanted = static_cast<std::size_t>(std::abs(width));
  const std::string padding(wanted > text.size() ? wanted - text.size() : 0, zeros ? '0' : ' ');
  if (width < 0) {
    line += text;
    line.append(padding.size(), ' ');
  } else {
    line += padding;
    line += text;
  }
}

}  // namespace

LogFormat::LogFormat(std::string_view format, std::string_view date_format)
    : date_format_(date_format) {
  std::string text;
  const auto end_text = [&] {
    if (!text.empty()) pieces_.push_back({.text = std::move(text)});
    text.clear();
  };
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') {
      text += format[i];
      continue;
    }
    if (format.substr(i + 1).starts_with('%')) {
      text += '%';
      ++i;
      continue;
    }
    const std::size_t close = format.find(')', i);
    if (!format.substr(i + 1).starts_with('(') || close == std::string_view::npos)
      refuse(format, "has a % that is followed by neither (name) nor %");
    const std::size_t kind = format.find_first_of("sdrif", close);
    if (kind == std::string_view::npos) refuse(format, "has a field without s or d behind it");
    end_text();
    pieces_.push_back(parse_field(format.substr(i + 2, close - i - 2),
                                  format.substr(close + 1, kind - close - 1)));
    i = kind;
  }
  end_text();
}

LogFormat::Piece LogFormat::parse_field(std::string_view name, std::string_view spec) const {
  constexpr std::array<std::pair<std::string_view, Field>, 7> kFields = {
      {{"asctime", Field::kTime},
       {"msecs", Field::kMilliseconds},
       {"process", Field::kProcess},
       {"levelname", Field::kLevel},
       {"levelno", Field::kLevelNumber},
       {"name", Field::kName},
       {"message", Field::kMessage}}};
  Piece piece;
  const bool left = spec.starts_with('-');
  if (left) spec.remove_prefix(1);
  piece.zeros = spec.starts_with('0');
  const std::string_view digits = spec.substr(0, spec.find('.'));
  if (!digits.empty()) {
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), piece.width);
    if (error != std::errc() || end != digits.data() + digits.size() || piece.width > 200)
      throw std::runtime_error("the log format has a width of '" + std::string(digits) + "'");
  }
  if (left) piece.width = -piece.width;
  for (const auto& [known, field] : kFields)
    if (known == name) piece.field = field;
  return piece;
}

std::string LogFormat::line(LogLevel level, std::string_view component, std::string_view message,
                            std::chrono::system_clock::time_point time) const {
  std::string line;
  const auto put = [&](std::string_view text, const Piece& piece) {
    append(line, text, piece.width, piece.zeros);
  };
  for (const Piece& piece : pieces_) {
    switch (piece.field) {
      case Field::kText:
        put(piece.text, piece);
        break;
      case Field::kTime:
        put(date(time, date_format_), piece);
        break;
      case Field::kMilliseconds:
        put(std::to_string(milliseconds(time)), piece);
        break;
      case Field::kProcess:
        put(std::to_string(getpid()), piece);
        break;
      case Field::kLevel:
        put(level_name(level), piece);
        break;
      case Field::kLevelNumber:
        put(std::to_string(10 * (static_cast<int>(level) + 1)), piece);
        break;
      case Field::kName:
        put(component, piece);
        break;
      case Field::kMessage:
        put(message, piece);
        break;
    }
  }
  return line;
}

}  // namespace base
