#include "tests/support/certificates.h"

#include "tests/support/process.h"

#include <fstream>

namespace support {
namespace {

namespace fs = std::filesystem;

void make_authority(const fs::path& folder) {
  run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
       "-nodes", "-days", "2", "-subj", "/CN=test authority", "-keyout", folder / "ca.key", "-out",
       folder / "ca.pem"});
}

void make_signed(const fs::path& folder, const std::string& name) {
  const fs::path request = folder / (name + ".csr");
  const fs::path extensions = folder / (name + ".ext");
  std::ofstream(extensions) << "subjectAltName=DNS:localhost,IP:127.0.0.1\n"
                               "extendedKeyUsage=serverAuth,clientAuth\n";
  run({"openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
       "-subj", "/CN=" + name, "-keyout", folder / (name + ".key"), "-out", request});
  run({"openssl", "x509", "-req", "-in", request, "-days", "2", "-CA", folder / "ca.pem", "-CAkey",
       folder / "ca.key", "-CAcreateserial", "-extfile", extensions, "-out",
       folder / (name + ".pem")});
}

}  // namespace

Certificates make_certificates(const fs::path& folder) {
  make_authority(folder);
  make_signed(folder, "server");
  make_signed(folder, "client");
  return {folder / "ca.pem", folder / "server.pem", folder / "server.key", folder / "client.pem",
          folder / "client.key"};
}

}  // namespace support
