#include "inspector/config/check.h"

#include "base/ini.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

base::Ini ini_of(std::string_view text) {
  base::Ini ini;
  ini.read_text(text, "i.conf");
  return ini;
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
