#include "http/testing/test_server.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace http::testing {

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "http-test-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp " + name);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

namespace {

void run(const std::string& command) {
  if (std::system((command + " 2>/dev/null").c_str()) != 0) throw std::runtime_error(command);
}

void sign(const TemporaryDirectory& dir, const std::string& name) {
  run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=" + name +
      " -keyout " + dir / (name + ".key") + " -out " + dir / (name + ".csr"));
  run("openssl x509 -req -days 2 -in " + dir / (name + ".csr") + " -CA " + dir / "ca.pem" +
      " -CAkey " + dir / "ca.key" + " -CAcreateserial -extfile " + dir / "names" + " -out " +
      dir / (name + ".pem"));
}

}  // namespace

const TemporaryDirectory& certificates() {
  static const TemporaryDirectory dir;
  static const bool made = [] {
    std::ofstream(dir / "names") << "subjectAltName=DNS:localhost,IP:127.0.0.1\n";
    run("openssl req -x509 -days 2 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes"
        " -subj /CN=test-ca -keyout " +
        dir / "ca.key" + " -out " + dir / "ca.pem");
    sign(dir, "server");
    sign(dir, "client");
    return true;
  }();
  (void)made;
  return dir;
}

}  // namespace http::testing
