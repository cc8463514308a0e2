#pragma once
#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace inspector {

/// What an operator knows of the disk wanted: `properties.root_device` of a node, or one entry of
/// its `skip_block_devices`. Texts are compared without regard to case and to blanks around them,
/// `size` in GiB. Operators stand before the value: `= == != >= <= > <` for numbers (`=` means at
/// least), `s== s!= s>= s> s<= s<` for texts, `<in>` part of it, `<all-in> a b` both are part of
/// it, `<or> a <or> b` equal to one of them; without one, equal. Pure.
class DiskHints {
 public:
  /// Throws Rejected with upstream's text: not an object, an unknown hint, a value not of its kind.
  explicit DiskHints(const boost::json::value& hints);

  /// All hints fit. A disk of which a hinted attribute is empty, or not of its kind, does not; one
  /// without the attribute compares as the text `none`.
  bool matches(const boost::json::object& disk) const;

 private:
  struct Hint {
    std::string name;
    std::string op;
    std::vector<std::string> words;  ///< lower case
    std::optional<bool> flag;        ///< of a Boolean hint; op and words are unused
  };
  static Hint parse(std::string_view name, const boost::json::value& value);
  static bool matches(const Hint& hint, const boost::json::object& disk);

  std::vector<Hint> hints_;
};

}  // namespace inspector
