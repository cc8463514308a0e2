#include "inspector/api/health_page.h"

#include "sql/time.h"

#include <unistd.h>

#include <array>
#include <boost/json.hpp>

namespace inspector {
namespace {

namespace json = boost::json;

constexpr std::string_view kClass = "HealthcheckResult";

std::string quoted(std::string_view text) { return json::serialize(json::value(text)); }

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&#34;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string host_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

/// One row; the lines between the cells are those of upstream's template.
std::string row(const HealthFinding& finding, bool detailed) {
  const std::string reason = "    <TD>" + escaped(finding.reason) + "</TD>\n";
  if (!detailed) return "<TR>\n\n" + reason + "\n</TR>";
  return "<TR>\n<TD>" + std::string(kClass) + "</TD>\n" + reason + "<TD>" +
         escaped(finding.details) + "</TD>\n</TR>";
}

}  // namespace

std::string health_text(const HealthPage& page) {
  std::string out;
  for (const HealthFinding& finding : page.findings)
    out += (out.empty() ? "" : "\n") + std::string(finding.reason);
  return out;
}

// json.dumps(indent=4, sort_keys=True)
std::string health_json(const HealthPage& page) {
  std::string out = "{\n    \"detailed\": " + std::string(page.detailed ? "true" : "false");
  if (page.detailed) out += ",\n    \"now\": \"" + sql::to_text(page.env.wall_time()) + "\"";
  out += ",\n    \"reasons\": [";
  bool first = true;
  for (const HealthFinding& finding : page.findings) {
    out += first ? "\n        " : ",\n        ";
    first = false;
    if (page.detailed)
      out += "{\n            \"class\": " + quoted(kClass) +
             ",\n            \"details\": " + quoted(finding.details) +
             ",\n            \"reason\": " + quoted(finding.reason) + "\n        }";
    else
      out += quoted(finding.reason);
  }
  return out + (first ? "]\n}" : "\n    ]\n}");
}

std::string health_html(const HealthPage& page) {
  std::string out = "<HTML>\n<HEAD><TITLE>Healthcheck Status</TITLE></HEAD>\n<BODY>\n";
  if (page.detailed)
    out += "<H1>Server status</H1>\n<B>Server hostname:</B><PRE>" + escaped(host_name()) +
           "</PRE>\n<B>Current time:</B><PRE>" + sql::to_text(page.env.wall_time()) +
           "</PRE>\n<HR></HR>";
  out += "\n<H2>Result of " + std::to_string(page.findings.size()) +
         " checks:</H2>\n<TABLE bgcolor=\"#ffffff\" border=\"1\">\n<TBODY>\n<TR>\n";
  out += page.detailed ? "<TH>\nKind\n</TH>\n<TH>\nReason\n</TH>\n<TH>\nDetails\n</TH>\n"
                       : "\n<TH>\nReason\n</TH>";
  out += "\n</TR>\n";
  for (const HealthFinding& finding : page.findings)
    out += row(finding, page.detailed);
  out += "\n</TBODY>\n</TABLE>\n<HR></HR>\n";
  return out + (page.detailed ? "\n\n" : "\n") + "</BODY>\n</HTML>";
}

}  // namespace inspector
