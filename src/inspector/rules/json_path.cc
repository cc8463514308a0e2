#include "inspector/rules/json_path.h"

#include "inspector/rules/json_path_parser.h"

#include <algorithm>

namespace inspector {
namespace {

namespace json = boost::json;

/// A value on the way, and what it was reached from; nullptr: it is a root.
struct Datum {
  const json::value* value;
  const Datum* parent;
};

using Data = std::vector<const Datum*>;

// Steps: they bound memory too.
constexpr std::size_t kPerDatum = 16, kPerMatch = 8;

/// One look-up: holds what it makes until its end.
class Finder {
 public:
  Finder(Effort& effort, std::deque<json::value>& made) : effort_(effort), made_(made) {}

  const Datum* datum(const json::value& value, const Datum* parent) {
    effort_.step(kPerDatum);
    data_.push_back({&value, parent});
    return &data_.back();
  }

  void find(const PathNode& path, const Datum* from, Data& out) {
    effort_.step(kPerMatch);
    switch (path.kind) {
      case PathNode::Kind::kRoot:
        while (from->parent != nullptr)
          from = from->parent;
        out.push_back(from);
        break;
      case PathNode::Kind::kThis:
        out.push_back(from);
        break;
      case PathNode::Kind::kParent:
        if (from->parent != nullptr) out.push_back(from->parent);
        break;
      case PathNode::Kind::kFields:
        fields(path, from, out);
        break;
      case PathNode::Kind::kIndex:
        index(*path.begin, from, out);
        break;
      case PathNode::Kind::kSlice:
        slice(path, from, out);
        break;
      default:
        find_by_two(path, from, out);
    }
  }

 private:
  void find_by_two(const PathNode& path, const Datum* from, Data& out) {
    Data left;
    find(*path.left, from, left);
    if (path.kind == PathNode::Kind::kUnion) {
      out.insert(out.end(), left.begin(), left.end());
      find(*path.right, from, out);
      return;
    }
    for (const Datum* each : left) {
      if (path.kind == PathNode::Kind::kChild)
        find(*path.right, each, out);
      else if (path.kind == PathNode::Kind::kDescendants)
        descend(*path.right, each, out);
      else if (Data right; find(*path.right, each, right), !right.empty())
        out.push_back(each);
    }
  }

  void descend(const PathNode& path, const Datum* from, Data& out) {
    find(path, from, out);
    if (const json::array* list = from->value->if_array())
      for (const json::value& item : *list)
        descend(path, datum(item, from), out);
    if (const json::object* object = from->value->if_object())
      for (const auto& member : *object)
        descend(path, datum(member.value(), from), out);
  }

  void fields(const PathNode& path, const Datum* from, Data& out) {
    const json::object* object = from->value->if_object();
    if (object == nullptr) return;
    if (std::ranges::find(path.names, "*") != path.names.end()) {
      for (const auto& member : *object)
        out.push_back(datum(member.value(), from));
      return;
    }
    for (const std::string& name : path.names)
      if (const json::value* value = object->if_contains(name)) out.push_back(datum(*value, from));
  }

  void index(std::int64_t at, const Datum* from, Data& out) {
    if (const json::string* text = from->value->if_string()) return character(at, *text, from, out);
    const json::array* list = from->value->if_array();
    if (list == nullptr) return;
    const auto size = static_cast<std::int64_t>(list->size());
    if (at < 0) at += size;
    if (at < 0 || at >= size) return;
    out.push_back(datum((*list)[static_cast<std::size_t>(at)], from));
  }

  /// Of a text, as Python counts: characters, not bytes.
  void character(std::int64_t at, std::string_view text, const Datum* from, Data& out) {
    effort_.step(text.size());
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < text.size(); ++i)
      if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) starts.push_back(i);
    const auto size = static_cast<std::int64_t>(starts.size());
    if (at < 0) at += size;
    if (at < 0 || at >= size) return;
    const std::size_t begin = starts[static_cast<std::size_t>(at)];
    const std::size_t end = at + 1 < size ? starts[static_cast<std::size_t>(at) + 1] : text.size();
    out.push_back(datum(made_.emplace_back(text.substr(begin, end - begin)), from));
  }

  /// What is no list counts as a list of one.
  void slice(const PathNode& path, const Datum* from, Data& out) {
    const json::array* list = from->value->if_array();
    const auto size = list != nullptr ? static_cast<std::int64_t>(list->size()) : 1;
    const auto bounded = [&](std::int64_t at) {
      return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size);
    };
    const std::int64_t end = bounded(path.end.value_or(size));
    for (std::int64_t i = bounded(path.begin.value_or(0)); i < end; ++i)
      out.push_back(
          datum(list != nullptr ? (*list)[static_cast<std::size_t>(i)] : *from->value, from));
  }

  Effort& effort_;
  std::deque<json::value>& made_;
  std::deque<Datum> data_;
};

}  // namespace

JsonPath::JsonPath(std::string_view text) : path_(parse_json_path(text)) {}
JsonPath::~JsonPath() = default;
JsonPath::JsonPath(JsonPath&&) noexcept = default;
JsonPath& JsonPath::operator=(JsonPath&&) noexcept = default;

PathMatches JsonPath::find(const json::value& root, Effort& effort) const {
  PathMatches matches;
  Finder finder(effort, matches.made_);
  Data found;
  finder.find(*path_, finder.datum(root, nullptr), found);
  for (const Datum* each : found)
    matches.values_.push_back(each->value);
  return matches;
}

}  // namespace inspector
