#pragma once
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tooz {

/// What a member tells of itself: null, bool, integer, real, text, bytes, list or map. Stored as
/// msgpack, as Python's tooz does (oslo.serialization's msgpackutils; extension types are not
/// kept).
class Value {
 public:
  struct Bytes {
    std::string data;
    bool operator==(const Bytes&) const = default;
  };
  using List = std::vector<Value>;
  using Map = std::map<std::string, Value, std::less<>>;  ///< keys that are not text become text

  Value() : data_(nullptr) {}
  Value(std::nullptr_t) : data_(nullptr) {}
  Value(bool v) : data_(v) {}
  Value(std::int64_t v) : data_(v) {}
  Value(int v) : data_(std::int64_t{v}) {}
  Value(double v) : data_(v) {}
  Value(std::string v) : data_(std::move(v)) {}
  Value(const char* v) : data_(std::string(v)) {}
  Value(Bytes v) : data_(std::move(v)) {}
  Value(List v) : data_(std::move(v)) {}
  Value(Map v) : data_(std::move(v)) {}

  bool is_null() const noexcept { return std::holds_alternative<std::nullptr_t>(data_); }
  /// Null when it is of another kind.
  const bool* boolean() const noexcept { return std::get_if<bool>(&data_); }
  const std::int64_t* integer() const noexcept { return std::get_if<std::int64_t>(&data_); }
  const double* real() const noexcept { return std::get_if<double>(&data_); }
  const std::string* text() const noexcept { return std::get_if<std::string>(&data_); }
  const Bytes* bytes() const noexcept { return std::get_if<Bytes>(&data_); }
  const List* list() const noexcept { return std::get_if<List>(&data_); }
  const Map* map() const noexcept { return std::get_if<Map>(&data_); }
  /// The member `key` of a map; null when there is none or this is no map.
  const Value* find(std::string_view key) const noexcept;

  bool operator==(const Value&) const = default;

 private:
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Bytes, List, Map> data_;
};

/// Bytes that are not one whole msgpack value, or nested deeper than 64.
class BadValue : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string to_msgpack(const Value& value);
Value from_msgpack(std::string_view bytes);  ///< throws BadValue

/// Bytes appear as text where they are UTF-8, else as `{"bytes": "<hex>"}`.
std::string to_json(const Value& value);
Value from_json(std::string_view json);  ///< throws BadValue naming the position

}  // namespace tooz
