#pragma once
#include <boost/json/object.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace inspector {

/// A report with the memory that it lies in, all of which is given back at once: a megabyte of JSON
/// are a hundred thousand pieces, and to free each takes as long as to parse it. So nothing that
/// was copied or moved out of it may outlive it, unless it names a storage of its own; and one
/// thread at a time may use it.
class ParsedReport : private std::shared_ptr<void>, public boost::json::object {
 public:
  /// In the memory that `report` has, which frees itself.
  ParsedReport(boost::json::object report) : object(std::move(report)) {}
  /// @param memory     what the storage of `report` is part of
  /// @param text_size  of the text that it was parsed from
  ParsedReport(std::shared_ptr<void> memory, boost::json::object report, std::size_t text_size)
      : std::shared_ptr<void>(std::move(memory)),
        object(std::move(report)),
        text_size_(text_size) {}

  ParsedReport(ParsedReport&&) = default;
  ParsedReport(const ParsedReport&) = delete;
  ParsedReport& operator=(ParsedReport&&) = delete;  // would copy into the memory of the other
  ParsedReport& operator=(const ParsedReport&) = delete;

  /// About how long it is as text; 0: unknown.
  std::size_t text_size() const noexcept { return text_size_; }

 private:
  std::size_t text_size_ = 0;
};

}  // namespace inspector
