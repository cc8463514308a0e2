#include "tests/e2e/ironic/site.h"

namespace e2e {

std::string node_under_inspection(const IronicOperator& ironic) {
  const std::string uuid = ironic.enroll({{"ipmi_address", kBmc}});
  ironic.manage(uuid);
  ironic.inspect(uuid);
  EXPECT_TRUE(ironic.powered(uuid, "power on"));
  return uuid;
}

Answer post(const Api& inspector, const boost::json::object& what) {
  return inspector.ask("POST", "/v1/continue", boost::json::serialize(what),
                       {{"Content-Type", "application/json"}});
}

void expect_found(const IronicOperator& ironic, const std::string& uuid) {
  EXPECT_EQ(ironic.property(uuid, "cpus"), "32");
  EXPECT_EQ(ironic.property(uuid, "memory_mb"), "196608");
  EXPECT_EQ(ironic.property(uuid, "cpu_arch"), "x86_64");
  EXPECT_EQ(ironic.property(uuid, "local_gb"), "464");
  EXPECT_EQ(ironic.property(uuid, "capabilities"), "cpu_vt:true,cpu_aes:true");
  const boost::json::array ports = ironic.ports(uuid);
  ASSERT_EQ(ports.size(), 1U);
  EXPECT_EQ(ports[0].at("address").as_string(), kMac);
  EXPECT_TRUE(ports[0].at("pxe_enabled").as_bool());
}

}  // namespace e2e
