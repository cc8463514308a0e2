#include <iostream>

#include "tooz/coordinator.h"
#include "tooz/driver.h"

int main(int, char** argv) {
  tooz::Coordinator coordinator(base::system_env(), argv[1], {.member_id = "client"});
  const auto guard = coordinator.lock("package").try_acquire();
  std::cout << tooz::drivers().size() << " drivers, token " << guard.value().token().number << "\n";
}
