#include "tests/bench/bare_script.h"

namespace bench {
namespace {

// Letters: u uuid, i the process, g origin of tokens, n a token's number, o p the operations of
// start and report, d the report's digest, m MAC, b BMC, x y ids of attributes, t a time, T another
// form of it, C changes, D data as posted, E as processed, F false, V true,
// _ nothing, digits words.
constexpr Statement kRaise = {
    "INSERT INTO cc_fence (uuid, generation, number) "
    "SELECT :p1, generation, :p2 FROM cc_fence_origin WHERE origin = :p3 "
    "ON CONFLICT (uuid) DO UPDATE SET generation = excluded.generation, number = excluded.number "
    "WHERE excluded.generation > cc_fence.generation OR "
    "(excluded.generation = cc_fence.generation AND cc_fence.number <= excluded.number)",
    "ung"};
constexpr Statement kNode = {
    "SELECT uuid, state, started_at, finished_at, error, manage_boot FROM nodes WHERE uuid = :p1",
    "u"};
constexpr Statement kFenced = {
    "SELECT n.uuid, state, started_at, finished_at, error, manage_boot FROM cc_fence f "
    "JOIN cc_fence_origin o ON o.generation = f.generation JOIN nodes n ON n.uuid = f.uuid "
    "WHERE f.uuid = :p1 AND f.number = :p2 AND o.origin = :p3",
    "ung"};
constexpr Statement kIsRaised = {
    "SELECT 1 FROM cc_fence WHERE uuid = :p1 AND number = :p2 AND generation = "
    "(SELECT generation FROM cc_fence_origin WHERE origin = :p3)",
    "ung"};
constexpr std::string_view kMoveNode =
    "UPDATE nodes SET state = :p2, started_at = :p3, finished_at = :p4, error = :p5, "
    "manage_boot = true WHERE uuid = :p1";
constexpr std::string_view kOperation =
    "INSERT INTO cc_operation (id, kind, node_uuid, digest, arguments, step, version, owner, "
    "incarnation, fence, tries, history, due_at, created_at, updated_at) VALUES (:p1, 'start', "
    ":p2, :p3, '{\"manage_boot\":true,\"persistent\":false,\"has_bmc\":true}', 'accepted', 1, "
    "'vm', :p4, 0, 0, '', NULL, :p5, :p5)";
constexpr std::string_view kMoveOperation =
    "UPDATE cc_operation SET step = 'processing', node_uuid = :p2, due_at = NULL, "
    "updated_at = :p3, version = version + 1 WHERE id = :p1 AND incarnation = :p4";
constexpr std::string_view kEndOperation =
    "DELETE FROM cc_operation WHERE id = :p1 AND incarnation = :p2";
constexpr std::string_view kKeepSet =
    "UPDATE cc_operation SET step = 'sending', arguments = :p2, updated_at = :p3, "
    "version = version + 1 WHERE id = :p1 AND incarnation = :p4";
constexpr std::string_view kNewAttribute =
    "INSERT INTO attributes (uuid, node_uuid, name, value) SELECT :p1, uuid, :p3, :p4 FROM nodes "
    "WHERE uuid = :p2 AND NOT EXISTS (SELECT 1 FROM attributes WHERE node_uuid = :p2 AND "
    "name = :p3 AND value = :p4)";
constexpr std::string_view kScores =
    "SELECT node_uuid, COUNT(*) FROM attributes WHERE name = :p1 AND node_uuid IS NOT NULL "
    "AND value IN (:p2) GROUP BY node_uuid";
constexpr std::string_view kNewData =
    "INSERT INTO introspection_data (uuid, processed, data) SELECT uuid, :p2, :p3 FROM nodes "
    "WHERE uuid = :p1 ON CONFLICT (uuid, processed) DO UPDATE SET data = excluded.data";
constexpr std::string_view kNoAttributes = "DELETE FROM attributes WHERE node_uuid = :p1";
constexpr std::string_view kNoOptions = "DELETE FROM options WHERE uuid = :p1";
std::vector<Statement> start() {
  return {kRaise,
          kNode,
          {"INSERT INTO nodes (uuid, state, started_at, manage_boot) "
           "VALUES (:p1, :p2, :p3, :p4) ON CONFLICT (uuid) DO NOTHING",
           "u1tV"},
          {kNoAttributes, "u"},
          {kNoOptions, "u"},
          {"DELETE FROM introspection_data WHERE uuid = :p1", "u"},
          {kNewAttribute, "xu6b"},
          {kOperation, "ou_iT"}};
}

std::vector<Statement> boot() {
  return {kFenced, {kNewAttribute, "yu7m"}, {kMoveOperation, "ouTi"}};
}

std::vector<Statement> wait() { return {kFenced, {kMoveNode, "u2t__"}, {kEndOperation, "oi"}}; }

std::vector<Statement> process() {
  return {kRaise, kNode, {kMoveNode, "u3t__"}, {kOperation, "pudiT"}, {kNewData, "uFD"}};
}

std::vector<Statement> keep_changes() { return {kIsRaised, {kKeepSet, "pCTi"}, {kNewData, "uVE"}}; }

std::vector<Statement> finish() {
  return {kFenced,
          {kMoveNode, "u4tt_"},
          {kNoAttributes, "u"},
          {kNoOptions, "u"},
          {kEndOperation, "pi"},
          {"INSERT INTO cc_answer (digest, node_uuid, code, text, kept_at) VALUES "
           "(:p1, :p2, 0, '', :p3) ON CONFLICT (digest) DO UPDATE SET node_uuid = "
           "excluded.node_uuid, code = excluded.code, text = excluded.text, kept_at = "
           "excluded.kept_at",
           "duT"}};
}

constexpr sql::Access kRead = sql::Access::kRead;
constexpr sql::Access kReadOne = sql::Access::kReadOne;

// Lengths that a trace showed.
constexpr std::size_t kChanges = 1024;
constexpr std::size_t kPosted = 2306;
constexpr std::size_t kProcessed = 2714;

}  // namespace

const Statement kOrigin = {
    "INSERT INTO cc_fence_origin (origin, generation) "
    "SELECT :p1, COALESCE(MAX(generation), 0) + 1 FROM cc_fence_origin",
    "g"};

const Step kAddPort = {
    .method = "POST",
    .target = "/v1/ports",
    .body = R"({"address":"%m","node_uuid":"%u","pxe_enabled":true,"extra":{}})"};

const std::vector<Step> kSteps = {
    {.method = "GET", .target = "/v1/nodes/%u"},
    {.method = "GET", .target = "/v1/nodes/%u/validate", .statements = start()},
    {.method = "GET", .target = "/v1/ports/detail?node=%u"},
    {.method = "PUT",
     .target = "/v1/nodes/%u/management/boot_device",
     .body = R"({"boot_device":"pxe","persistent":false})",
     .statements = boot()},
    {.method = "PUT",
     .target = "/v1/nodes/%u/states/power",
     .body = R"({"target":"rebooting"})",
     .statements = wait()},
    {.statements = {{kScores, "6b"}, {kScores, "7m"}}, .access = kRead},
    {.statements = {kNode}, .access = kReadOne},
    {.statements = process()},
    {.method = "GET", .target = "/v1/nodes/%u"},
    {.method = "GET", .target = "/v1/ports/detail?node=%u", .then_port = true},
    {.statements = {{"SELECT uuid, description, scope FROM rules ORDER BY created_at, uuid", ""}},
     .access = kRead},
    {.statements = keep_changes()},
    {.method = "PATCH",
     .target = "/v1/nodes/%u",
     .body = R"([{"op":"add","path":"/properties/local_gb","value":"446"},)"
             R"({"op":"add","path":"/properties/cpus","value":"16"},)"
             R"({"op":"add","path":"/properties/cpu_arch","value":"x86_64"},)"
             R"({"op":"add","path":"/properties/memory_mb","value":"65536"},)"
             R"({"op":"add","path":"/properties/capabilities","value":"cpu_vt:true,cpu_aes:true,)"
             R"(cpu_hugepages:true,cpu_hugepages_1g:true,cpu_txt:true"}])"},
    {.method = "PUT",
     .target = "/v1/nodes/%u/states/power",
     .body = R"({"target":"power off"})",
     .statements = finish()},
};

Facts facts_of(const std::string& uuid) {
  const std::string tail = uuid.substr(24);  // what differs from node to node
  const auto id = [&](char first) { return std::string(1, first) + uuid.substr(1); };
  const auto mac = [&] {
    std::string text = "54";
    for (std::size_t i = 2; i < tail.size(); i += 2)
      text += ":" + tail.substr(i, 2);
    return text;
  };
  return {{'u', uuid},
          {'i', "b0800d73-8373-4d6e-8d6f-9705903b4aa8"},
          {'g', "local-7674c1268e93094710f7149e703193c0"},
          {'n', "2"},
          {'o', id('a')},
          {'p', id('b')},
          {'x', id('c')},
          {'y', id('d')},
          {'d', std::string(64 - tail.size(), 'd') + tail},
          {'m', mac()},
          {'b', "198.18." + tail},
          {'t', "2026-11-22 23:48:17.293519"},
          {'T', "1795391297293519"},
          {'1', "starting"},
          {'2', "waiting"},
          {'3', "processing"},
          {'4', "finished"},
          {'6', "bmc_address"},
          {'7', "mac"},
          {'C', std::string(kChanges, 'C')},
          {'D', std::string(kPosted, 'D')},
          {'E', std::string(kProcessed, 'E')}};
}

std::string filled(std::string_view text, const Facts& facts) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '%')
      out += facts.at(text[++i]);
    else
      out += text[i];
  return out;
}

std::vector<sql::Value> values_of(const Statement& statement, const Facts& facts) {
  std::vector<sql::Value> values;
  for (const char letter : statement.facts) {
    const bool number = letter == 'n' || letter == 'T';
    if (letter == '_')
      values.emplace_back(nullptr);
    else if (letter == 'F' || letter == 'V')
      values.emplace_back(letter == 'V');
    else if (number)
      values.emplace_back(static_cast<std::int64_t>(std::stoll(facts.at(letter))));
    else
      values.emplace_back(facts.at(letter));
  }
  return values;
}

}  // namespace bench
