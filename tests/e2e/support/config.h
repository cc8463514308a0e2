#pragma once
#include <filesystem>
#include <map>
#include <string>

namespace e2e {

/// An inspector's configuration file while it is put together.
class Config {
 public:
  Config& set(const std::string& section, const std::string& option, const std::string& value) {
    sections_[section][option] = value;
    return *this;
  }
  Config& drop(const std::string& section, const std::string& option) {
    sections_[section].erase(option);
    return *this;
  }
  std::string text() const;
  void write(const std::filesystem::path& file) const;

 private:
  std::map<std::string, std::map<std::string, std::string>> sections_;
};

}  // namespace e2e
