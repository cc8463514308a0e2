#include "tests/e2e/support/wsgi_container.h"

#include "tests/paths/paths.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace e2e {
namespace {

namespace fs = std::filesystem;

const fs::path kBuild = fs::path(support::built_path("..")).lexically_normal();

void ask_container(Process& container, const std::vector<pid_t>&) { container.signal(SIGHUP); }

/// mod_wsgi's processes belong to another user, who may not look into the build: they get a copy.
void copy_application(const fs::path& folder) {
  const fs::path package = "python/ironic_inspector";
  fs::create_directories(folder / package);
  fs::create_directories(folder / "bin");
  fs::copy(kBuild / package, folder / package, fs::copy_options::recursive);
  fs::copy(kBuild / "bin/ironic-inspector-api-wsgi", folder / "bin");
}

std::string apache_config(const fs::path& folder, std::uint16_t port, const std::string& mount) {
  const std::string root = folder.string();
  std::string text =
      "ServerRoot " + root + "\nServerName localhost\nListen 127.0.0.1:" + std::to_string(port) +
      "\nPidFile " + root + "/apache.pid\nErrorLog /dev/stderr\nDefaultRuntimeDir " + root + "\n";
  for (const char* module : {"mpm_event", "authz_core", "wsgi"})
    text += "LoadModule " + std::string(module) + "_module /usr/lib/apache2/modules/mod_" + module +
            ".so\n";
  if (getuid() == 0) text += "User www-data\nGroup www-data\n";
  const std::string script = root + "/bin/ironic-inspector-api-wsgi";
  return text + "WSGISocketPrefix " + root +
         "/wsgi\n"
         "WSGIDaemonProcess inspector processes=2 threads=4 graceful-timeout=30\n"
         "WSGIScriptAlias " +
         (mount.empty() ? "/" : mount) + " " + script +
         " process-group=inspector application-group=" +
         (mount.empty() ? "%{GLOBAL}" : "inspector") +
         "\n"
         "WSGIPassAuthorization On\n"
         "WSGIChunkedRequest On\n"
         "LimitRequestBody 67108864\n"
         "<Directory " +
         root + "/bin>\n  Require all granted\n</Directory>\n";
}

}  // namespace

bool WsgiContainer::installed() const {
  return std::ranges::all_of(needs, [](const std::string& file) { return fs::exists(file); });
}

std::map<std::string, std::string> WsgiContainer::environment_with(
    const std::string& config) const {
  std::map<std::string, std::string> all = environment;
  all["IRONIC_INSPECTOR_CONFIG_FILES"] = config;
  return all;
}

WsgiContainer uwsgi_container(const Words& more, const std::string& mount) {
  return {
      .name = "uwsgi",
      .needs = {"/usr/bin/uwsgi-core", "/usr/lib/uwsgi/plugins/python3_plugin.so"},
      .command =
          [more, mount](const WsgiContainer::Place& place) {
            Words words = {"/usr/bin/uwsgi-core",
                           "--plugin",
                           "python3",
                           "--http-socket",
                           "127.0.0.1:" + std::to_string(place.port),
                           "--master",
                           "--workers",
                           "2",
                           "--need-app",
                           "--die-on-term",
                           "--add-header",
                           "Connection: close",
                           "--disable-logging"};
            if (mount.empty())
              words.insert(words.end(), {"--wsgi-file", kBuild / "bin/ironic-inspector-api-wsgi"});
            else
              words.insert(words.end(), {"--pythonpath", kBuild / "python", "--manage-script-name",
                                         "--mount", mount + "=ironic_inspector.wsgi:application"});
            words.insert(words.end(), more.begin(), more.end());
            return words;
          },
      .restart = ask_container};
}

WsgiContainer gunicorn_container(const std::string& mount) {
  return {.name = "gunicorn",
          .needs = {"/usr/bin/gunicorn"},
          .environment = {{"SCRIPT_NAME", mount}},
          .command =
              [](const WsgiContainer::Place& place) {
                return Words{"/usr/bin/gunicorn",
                             "--bind",
                             "127.0.0.1:" + std::to_string(place.port),
                             "--workers",
                             "2",
                             "--threads",
                             "4",
                             "--preload",
                             "--pythonpath",
                             kBuild / "python",
                             "ironic_inspector.wsgi:application"};
              },
          .restart = ask_container};
}

WsgiContainer apache_container(const std::string& mount) {
  return {.name = "apache",
          .needs = {"/usr/sbin/apache2", "/usr/lib/apache2/modules/mod_wsgi.so"},
          .ends_without_application = false,
          .command =
              [mount](const WsgiContainer::Place& place) {
                copy_application(place.folder);
                const fs::path file = place.folder / "apache.conf";
                std::ofstream(file) << apache_config(place.folder, place.port, mount);
                return Words{"/usr/sbin/apache2", "-f", file, "-DFOREGROUND"};
              },
          .restart =
              [](Process&, const std::vector<pid_t>& workers) {
                for (const pid_t worker : workers)
                  kill(worker, SIGUSR1);
              }};
}

}  // namespace e2e
