// Configuration files, and what processes of ours say to each other.
#include "base/ini.h"
#include "rpc/message.h"
#include "rpc/rpc.h"
#include "tests/fuzz/library/targets.h"
#include "tests/fuzz/target.h"

#include <boost/json.hpp>

namespace fuzz {
namespace {

namespace json = boost::json;

// What every reader of a configuration asks, of every option that is there.
void ask(const base::Ini& ini, const std::string& section, const std::string& option) {
  using base::ConfigError;
  refusable<ConfigError>([&] { ini.text(section, option); });
  refusable<ConfigError>([&] { ini.multi(section, option); });
  refusable<ConfigError>([&] { ini.boolean(section, option, false); });
  refusable<ConfigError>([&] { ini.octal(section, option, 0); });
  refusable<ConfigError>([&] { ini.real(section, option, 0); });
  refusable<ConfigError>([&] { ini.list(section, option, ""); });
  refusable<ConfigError>([&] { ini.dict(section, option, ""); });
  refusable<ConfigError>([&] {
    const auto number = ini.integer(section, option, 1, 0, 10);
    expect(number >= 0 && number <= 10, "a number outside of its bounds");
  });
}

}  // namespace

void fuzz_ini(std::string_view bytes) {
  refusable<base::ConfigError>([&] {
    base::Ini ini;
    ini.read_text(bytes, "fuzz.conf");
    for (const std::string section : {"DEFAULT", "a", "database"})
      for (const auto& [option, value] : ini.section(section))
        ask(ini, section, option);
    ini.unknown();
  });
}

void fuzz_json_rpc(std::string_view bytes) {
  static const rpc::Methods methods = [] {
    rpc::Methods made;
    made.add("echo", [](const json::object& params, const std::stop_token&) { return params; });
    return made;
  }();
  const auto message = rpc::parse(bytes);
  if (!message) return;
  const json::value answer = methods.answer(*message, {});
  expect(answer.is_object() || answer.is_null(), "an answer that is none");
  refusable<rpc::Fault, rpc::Unavailable>([&] { rpc::result_of(*message, 1); });
}

}  // namespace fuzz
