#include "inspector/api/testing/doubles.h"

namespace inspector::api_test {

void RecordingConductor::record(std::string call_text, const Call& call) {
  calls.push_back(std::move(call_text));
  deadline = call.deadline;
  if (refusal) throw *refusal;
  if (breaks) throw std::logic_error("something broke");
}

void RecordingConductor::introspect(std::string_view node, bool manage_boot, const Call& call) {
  record("introspect " + std::string(node) + (manage_boot ? " managed" : " unmanaged"), call);
}

void RecordingConductor::abort(std::string_view node, const Call& call) {
  record("abort " + std::string(node), call);
}

void RecordingConductor::reapply(std::string_view node, const boost::json::object* data,
                                 const Call& call) {
  record("reapply " + std::string(node) + " " + (data ? boost::json::serialize(*data) : "stored"),
         call);
}

std::string RecordingConductor::process(ParsedReport report, const Call& call) {
  record("process " + boost::json::serialize(report), call);
  return uuid;
}

ironic::Object NamesOnlyIronic::get_node(std::string_view name, std::string_view fields,
                                         const Call&) {
  ++asked;
  if (refusal) throw *refusal;
  const auto found = uuids.find(name);
  if (found == uuids.end() || fields != "uuid") throw ironic::Error(404, "not found");
  return {{"uuid", found->second}};
}

void NamesOnlyIronic::unexpected() {
  throw std::logic_error("the API asks Ironic for nothing but uuids");
}

void DataInMemory::save(std::string_view uuid, bool processed, std::string_view json,
                        const tooz::Token&) {
  texts[{std::string(uuid), processed}] = json;
}

std::optional<std::string> DataInMemory::find(std::string_view uuid, bool processed) {
  const auto found = texts.find({std::string(uuid), processed});
  if (found == texts.end()) return std::nullopt;
  return found->second;
}

std::string DataInMemory::get(std::string_view uuid, bool processed) {
  if (std::optional<std::string> text = find(uuid, processed)) return *std::move(text);
  throw Error(Errc::kNotFound, "Introspection data not found for node " + std::string(uuid) +
                                   ", processed=" + (processed ? "True" : "False"));
}

}  // namespace inspector::api_test
