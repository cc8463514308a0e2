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

/// The same of a file. Throws YAML::BadFile when it cannot be read.
YAML::Node load_yaml_file(const std::string& file);

}  // namespace inspector
