#include "inspector/yaml_file.h"

#include <yaml-cpp/yaml.h>

#include <fstream>
#include <iterator>
#include <vector>

namespace inspector {
namespace {

YAML::Mark end_of(std::string_view text) {
  YAML::Mark mark;
  for (const char c : text) {
    ++mark.pos;
    ++mark.column;
    if (c != '\n') continue;
    ++mark.line;
    mark.column = 0;
  }
  return mark;
}

/// yaml-cpp takes a file's end for the end of a quoted text, but not the mark that ends a document.
void refuse_open_quote(std::string_view text) {
  try {
    YAML::LoadAll(std::string(text) + "\n...\n");
  } catch (const YAML::Exception&) {
    throw YAML::ParserException(end_of(text), "a quoted text is not closed");
  }
}

}  // namespace

YAML::Node load_yaml(std::string_view text) {
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
    throw YAML::ParserException(end_of(text.substr(0, nul)), "a NUL character");
  const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
  refuse_open_quote(text);
  if (documents.empty()) return {};
  if (documents.size() > 1)
    throw YAML::ParserException(end_of(text),
                                "more than one document, or lines left of the first one");
  return documents.front();
}

std::string yaml_text(const std::string& file) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw YAML::BadFile(file);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (stream.bad()) throw YAML::BadFile(file);
  if (text.starts_with(kMark)) text.erase(0, kMark.size());
  return text;
}

YAML::Node load_yaml_file(const std::string& file) { return load_yaml(yaml_text(file)); }

}  // namespace inspector
