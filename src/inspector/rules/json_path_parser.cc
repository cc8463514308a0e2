#include "inspector/rules/json_path_parser.h"

#include "inspector/rules/json_path_lexer.h"

#include <stdexcept>

namespace inspector {
namespace {

using Kind = PathToken::Kind;
using Node = std::unique_ptr<PathNode>;

constexpr int kDeepest = 30;          // parentheses
constexpr int kMostOperations = 500;  // what is evaluated recursively

Node make(PathNode::Kind kind) {
  auto node = std::make_unique<PathNode>();
  node->kind = kind;
  return node;
}

/// By precedence, as upstream's grammar has it: `..` binds least, then `.`, `|`, `where`; a bracket
/// behind a path binds less than all of them.
class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text), token_(lexer_.next()) {}

  Node whole() {
    Node node = expression(0);
    if (token_.kind != Kind::kEnd) unexpected();
    return node;
  }

 private:
  [[noreturn]] void unexpected() const {
    if (token_.kind == Kind::kEnd)
      throw std::invalid_argument("'NoneType' object has no attribute 'lineno'");
    throw std::invalid_argument("Parse error at " + std::to_string(token_.line) + ":" +
                                std::to_string(token_.column) + " near token " +
                                without_nul(token_.text) + " (" + type_name() + ")");
  }

  std::string type_name() const {
    switch (token_.kind) {
      case Kind::kDoubleDot:
        return "DOUBLEDOT";
      case Kind::kNumber:
        return "NUMBER";
      case Kind::kName:
        return "ID";
      case Kind::kNamedOperator:
        return "NAMED_OPERATOR";
      case Kind::kWhere:
        return "WHERE";
      default:
        return token_.text;
    }
  }

  bool at(char literal) const {
    return token_.kind == Kind::kLiteral && token_.text.front() == literal;
  }
  void take() { token_ = lexer_.next(); }
  void take(char literal) {
    if (!at(literal)) unexpected();
    take();
  }

  /// Of the operator here; 0: there is none.
  int precedence() const {
    if (token_.kind == Kind::kDoubleDot) return 1;
    if (at('.')) return 2;
    if (at('|')) return 3;
    if (at('&')) return 4;
    return token_.kind == Kind::kWhere ? 5 : 0;
  }

  PathNode::Kind operation() const {
    if (token_.kind == Kind::kDoubleDot) return PathNode::Kind::kDescendants;
    if (token_.kind == Kind::kWhere) return PathNode::Kind::kWhere;
    if (at('&')) throw std::invalid_argument("the operator & is not supported");
    return at('.') ? PathNode::Kind::kChild : PathNode::Kind::kUnion;
  }

  Node joined(PathNode::Kind kind, Node left, Node right) {
    if (++operations_ > kMostOperations) throw std::invalid_argument("the path is too long");
    Node node = make(kind);
    node->left = std::move(left);
    node->right = std::move(right);
    return node;
  }

  Node expression(int least) {
    Node left = operand();
    while (true) {
      if (least == 0 && at('[')) {
        left = joined(PathNode::Kind::kChild, std::move(left), brackets());
        continue;
      }
      const int level = precedence();
      if (level == 0 || level < least) return left;
      const PathNode::Kind kind = operation();
      take();
      left = joined(kind, std::move(left), expression(level + 1));
    }
  }

  Node operand() {
    if (token_.kind == Kind::kName) return fields();
    if (token_.kind == Kind::kNamedOperator) return named_operator();
    if (at('[')) return brackets();
    if (at('*')) {
      take();
      Node node = make(PathNode::Kind::kFields);
      node->names = {"*"};
      return node;
    }
    if (at('$')) {
      take();
      return make(PathNode::Kind::kRoot);
    }
    return parenthesised();
  }

  Node parenthesised() {
    take('(');
    if (++depth_ > kDeepest) throw std::invalid_argument("the path is nested too deep");
    Node node = expression(0);
    take(')');
    --depth_;
    return node;
  }

  Node named_operator() {
    const bool parent = token_.text == "parent";
    if (!parent && token_.text != "this")
      throw std::invalid_argument("Unknown named operator `" + without_nul(token_.text) + "` at " +
                                  std::to_string(token_.line) + ":" +
                                  std::to_string(token_.column));
    take();
    return make(parent ? PathNode::Kind::kParent : PathNode::Kind::kThis);
  }

  Node fields() {
    Node node = make(PathNode::Kind::kFields);
    while (true) {
      if (token_.kind != Kind::kName) unexpected();
      node->names.push_back(token_.text);
      take();
      if (!at(',')) return node;
      take();
    }
  }

  std::optional<std::int64_t> maybe_number() {
    if (token_.kind != Kind::kNumber) return std::nullopt;
    const std::int64_t number = token_.number;
    take();
    return number;
  }

  Node brackets() {
    take('[');
    Node node;
    if (token_.kind == Kind::kName) {
      node = fields();
    } else if (at('*')) {
      take();
      node = make(PathNode::Kind::kSlice);
    } else {
      node = index_or_slice();
    }
    take(']');
    return node;
  }

  Node index_or_slice() {
    const std::optional<std::int64_t> begin = maybe_number();
    if (begin && !at(':')) {
      Node index = make(PathNode::Kind::kIndex);
      index->begin = begin;
      return index;
    }
    take(':');
    Node slice = make(PathNode::Kind::kSlice);
    slice->begin = begin;
    slice->end = maybe_number();
    return slice;
  }

  PathLexer lexer_;
  PathToken token_;
  int depth_ = 0;
  int operations_ = 0;
};

}  // namespace

std::unique_ptr<PathNode> parse_json_path(std::string_view text) { return Parser(text).whole(); }

}  // namespace inspector
