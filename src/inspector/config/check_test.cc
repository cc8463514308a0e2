#include "inspector/config/check.h"

#include "base/ini.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

/// What must be set for a configuration that upstream's defaults do not spoil.
constexpr std::string_view kAccepted = "[DEFAULT]\nauth_strategy = noauth\n";

base::Ini ini_of(std::string_view text) {
  base::Ini ini;
  ini.read_text(text, "i.conf");
  return ini;
}

std::string refusal(std::string_view text) {
  try {
    refuse_unsupported(ini_of(text));
  } catch (const base::ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Check, RefusalsBesideAnAcceptedBase) {
  const struct {
    std::string_view lines;
    std::string text;
  } kCases[] = {
      {"[processing]\nstore_data = swift\n",
       "[processing]store_data = swift: not available in this version; accepted: none, database"},
      {"[healthcheck]\nenabled = False\n[processing]\nstore_data = database\n", "accepted"},
  };
  for (const auto& c : kCases) {
    std::string text = refusal(std::string(kAccepted) + std::string(c.lines));
    if (const std::size_t at = text.find(": ["); at != std::string::npos) text.erase(0, at + 2);
    EXPECT_EQ(text, c.text);
  }
}

TEST(Check, OptionsThatNobodyAskedForAreNamed) {
  const base::Ini ini = ini_of(
      "[DEFAULT]\nlisten_port = 1\nuse_syslog = True\nlisten_prot = 2\n[swift]\ncontainer = c\n"
      "[my_section]\nx = 1\n");
  ini.integer("DEFAULT", "listen_port", 0, 0, 1);
  EXPECT_EQ(unused_options(ini),
            (std::vector<std::string>{"unknown option is ignored: [DEFAULT]listen_prot (i.conf:4)",
                                      "option has no effect here: [DEFAULT]use_syslog (i.conf:3)",
                                      "unknown option is ignored: [my_section]x (i.conf:8)",
                                      "option has no effect here: [swift]container (i.conf:6)"}));
}

}  // namespace
}  // namespace inspector
