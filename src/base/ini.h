#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace base {

/// A configuration that cannot be used; what() names file, line, section, option, value and what is
/// accepted (as far as they exist). Of a text that may be anybody's password, nothing: neither a
/// line that could not be read nor what follows a `$` is shown.
class ConfigError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Configuration files in oslo.config's dialect: `[section]`, `name = value` or `name: value`,
/// continuation lines by indentation, `#` and `;` comments, repeated names, `$name`, `${name}` and
/// `$section.name` interpolation (`$$` is a dollar). Names outside a section belong to DEFAULT.
/// Later files win; `*.conf` of a directory are read in order of their names after the files.
///
/// Every getter remembers that its option exists, so unknown() can name what nobody asked for.
/// Values are interpolated when read; an option referred to and not set takes the default that was
/// declared by declare_default(). Not thread-safe while being read first; const afterwards.
class Ini {
 public:
  Ini() = default;

  /// Throws ConfigError: unreadable file, or a line that is neither of the above.
  void read_file(const std::filesystem::path& file);
  void read_directory(const std::filesystem::path& directory);
  void read_text(std::string_view text,
                 const std::string& name);  ///< `name` stands for the file in errors

  /// For `$name` of an option that no file sets.
  void declare_default(std::string_view section, std::string_view option, std::string_view value);

  std::optional<std::string> text(std::string_view section, std::string_view option) const;
  /// All that is set in a section: option and its last value, by name.
  std::vector<std::pair<std::string, std::string>> section(std::string_view name) const;
  std::vector<std::string> multi(std::string_view section, std::string_view option) const;

  /// What is set, as `[section]option = value`, the last of each; what tells of a secret or a URL
  /// with a password is masked. Asks for nothing: unknown() stays as it is.
  std::vector<std::string> shown() const;

  /// Each returns `fallback` when the option is not set, and throws ConfigError for a value that is
  /// not of its kind.
  std::string text(std::string_view section, std::string_view option,
                   std::string_view fallback) const;
  /// true: 1 t true on y yes; false: 0 f false off n no; any case.
  bool boolean(std::string_view section, std::string_view option, bool fallback) const;
  std::int64_t integer(std::string_view section, std::string_view option, std::int64_t fallback,
                       std::int64_t least, std::int64_t most) const;
  std::uint32_t octal(std::string_view section, std::string_view option,
                      std::uint32_t fallback) const;
  double real(std::string_view section, std::string_view option, double fallback) const;
  /// Separated by commas, trimmed, empty ones dropped.
  std::vector<std::string> list(std::string_view section, std::string_view option,
                                std::string_view fallback) const;
  /// `key:value` pairs separated by commas.
  std::vector<std::pair<std::string, std::string>> dict(std::string_view section,
                                                        std::string_view option,
                                                        std::string_view fallback) const;
  std::string choice(std::string_view section, std::string_view option, std::string_view fallback,
                     std::span<const std::string_view> accepted) const;

  /// A ConfigError that names where `option` was set and its value; for checks that span options.
  ConfigError error(std::string_view section, std::string_view option, std::string_view why) const;

  /// `section.option (file:line)` of everything set that no getter asked for.
  std::vector<std::string> unknown() const;

 private:
  struct Setting {
    std::string value;
    std::string file;
    int line = 0;
  };
  using Key = std::pair<std::string, std::string>;

  const Setting* find(std::string_view section, std::string_view option) const;
  /// `raw`, which stands in the option `of`, with its references filled in.
  std::string interpolate(std::string_view raw, const Key& of, int depth = 0) const;
  std::optional<std::string> referred_to(const Key& name, int depth) const;
  std::string place(const Key& key) const;

  std::map<Key, std::vector<Setting>> settings_;
  std::map<Key, std::string> defaults_;
  mutable std::set<Key> asked_;
};

}  // namespace base
