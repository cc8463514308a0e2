#pragma once
#include "inspector/parsed_report.h"

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace inspector {

/// A report as it was posted, in the forms that are kept of it.
struct PostedReport {
  /// The ramdisk's logs leave the report before anything is done with it.
  explicit PostedReport(ParsedReport report);

  ParsedReport data;  ///< without logs; whoever processes it takes it
  /// Of the whole: the same whichever process, and of whichever version, the report is posted to.
  std::string digest;
  std::string logs;  ///< base64
  std::string text;  ///< of the data

  /// For parse_kept_report(). The logs come last, wherever they were: its digest is another.
  std::string body() const;
};

/// A report as the journal keeps it, which was an object when it was posted. As deep as the API
/// takes one. Throws std::runtime_error when it is none.
boost::json::object parse_kept_report(std::string_view body);

}  // namespace inspector
