#pragma once
#include <string>
#include <string_view>

namespace YAML {
class Node;
}

namespace inspector {

/// The one document that `text` holds, YAML or JSON; null when there is none. Throws
/// YAML::Exception with line and column for what Python's yaml.safe_load() does not take either,
/// also where yaml-cpp would be content with the text's beginning: a quote that is never closed, a
/// second document, lines that stand further left than the first.
YAML::Node load_yaml(std::string_view text);

/// What is in a file, without a byte order mark. Throws YAML::BadFile when it cannot be read.
std::string yaml_text(const std::string& file);

/// The document in a file.
YAML::Node load_yaml_file(const std::string& file);

}  // namespace inspector
