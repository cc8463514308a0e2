#include "inspector/config/load.h"

#include "inspector/config/check.h"

namespace inspector {
namespace {

/// Each service works in one of the two modes only; upstream's texts.
void check_mode(Service service, bool standalone) {
  if (standalone == (service == Service::kStandalone)) return;
  switch (service) {
    case Service::kStandalone:
      throw base::ConfigError(
          "To run ironic-inspector in standalone mode, [DEFAULT]standalone should be set to True.");
    case Service::kConductor:
      throw base::ConfigError(
          "To run ironic-inspector-conductor, [DEFAULT]standalone should be set to False.");
    case Service::kApi:
      throw base::ConfigError(
          "To run ironic-inspector-api, [DEFAULT]standalone should be set to False.");
  }
}

bool is_loopback(std::string_view address) {
  return address == "::1" || address == "localhost" || address.starts_with("127.");
}

void warn_about_transport(const base::Ini& ini, bool standalone, std::vector<std::string>& out) {
  const std::optional<std::string> url = ini.text("DEFAULT", "transport_url");
  if (!url || url->starts_with("fake:")) return;
  const std::string scheme = url->substr(0, url->find(':'));  // the rest holds a password
  out.push_back("[DEFAULT]transport_url names a " + scheme + " broker, which is not used: " +
                (standalone ? "calls stay in this process" : "calls go by JSON-RPC"));
}

void warn_about_open_rpc(const RpcOptions& rpc, Service service, std::vector<std::string>& out) {
  if (service != Service::kConductor || rpc.auth != RpcOptions::Auth::kNone) return;
  if (is_loopback(rpc.server.address)) return;
  out.push_back("JSON-RPC is served without authentication on [json_rpc]host_ip = " +
                rpc.server.address + ": whoever reaches it can start and abort introspections");
}

/// A conductor asks the others to let a machine boot; without credentials it cannot.
void warn_about_mute_filter(const Config& config, Service service, std::vector<std::string>& out) {
  if (service != Service::kConductor || config.rpc.auth == RpcOptions::Auth::kNone ||
      config.pxe_filter.driver == PxeFilterOptions::Driver::kNoop ||
      config.rpc.client_auth.type != ServiceAuth::Type::kNone)
    return;
  out.push_back(
      "[json_rpc] names no credentials for calls to other conductors: their PXE filters follow "
      "within two seconds, and no machine is kept from booting until they have");
}

/// Who asks for tokens must have some to show.
void check_rpc_client(const RpcOptions& rpc, Service service) {
  if (service != Service::kApi || rpc.auth != RpcOptions::Auth::kKeystone) return;
  if (!rpc.client_auth.asks_keystone())
    throw base::ConfigError(
        "[json_rpc]auth_strategy = keystone needs [json_rpc]auth_type (password, "
        "v3applicationcredential, token) and what belongs to it");
}

/// The API by itself listens where its command line says, as upstream's does; [DEFAULT]listen_* are
/// the standalone service's.
void listen_as_told(const CommandLine& line, ApiOptions& api) {
  http::ServerOptions& server = api.server;
  api.listening = "--host, --port";
  server.address = line.host.value_or("::");
  server.port = line.port.value_or(8000);
  server.unix_socket.clear();
  server.unix_socket_mode.reset();
}

}  // namespace

std::string_view program_name(Service service) noexcept {
  switch (service) {
    case Service::kStandalone:
      return "ironic-inspector";
    case Service::kConductor:
      return "ironic-inspector-conductor";
    case Service::kApi:
      break;
  }
  return "ironic-inspector-api-wsgi";
}

Config load_config(Service service, const CommandLine& line, const SearchPaths& paths) {
  const base::Ini ini = read_config(line, program_name(service), paths);
  Config config;
  check_mode(service, ini.boolean("DEFAULT", "standalone", true));
  config.conductor = read_conductor(ini);
  config.api = read_api(ini);
  config.api.policy = read_policy(ini, line, paths);
  if (service != Service::kConductor && config.api.auth == ApiOptions::Auth::kKeystone)
    config.api.tokens = read_token_options(ini);
  config.database = read_database(ini);
  config.coordination = read_coordination(ini);
  config.rpc = read_rpc(ini);
  check_rpc_client(config.rpc, service);
  if (service == Service::kConductor && config.rpc.auth == RpcOptions::Auth::kKeystone)
    config.rpc.tokens = read_token_options(ini);
  config.ironic = read_ironic(ini);
  config.processing = read_processing(ini);
  if (config.processing.store_data == "swift") config.swift = read_swift(ini);
  config.pxe_filter = read_pxe_filter(ini);
  config.mdns = read_mdns(ini);
  config.log = read_log(ini, line, program_name(service));
  config.api.debug = config.log.debug;
  if (ini.boolean("DEFAULT", "log_options", true)) config.settings = ini.shown();
  if (service == Service::kApi) listen_as_told(line, config.api);

  warn_about_transport(ini, config.conductor.standalone, config.warnings);
  warn_about_open_rpc(config.rpc, service, config.warnings);
  warn_about_mute_filter(config, service, config.warnings);
  for (std::string& text : unused_options(ini))
    config.warnings.push_back(std::move(text));
  return config;
}

void begin_log(const Config& config) {
  begin_log(config.log);
  for (const std::string& text : config.warnings)
    base::log_warning("config", text);
  for (const std::string& text : config.settings)
    base::log_debug("config", text);
}

}  // namespace inspector
