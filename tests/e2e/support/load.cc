#include "tests/e2e/support/load.h"

namespace e2e {

Load::Load(const std::string& url, int clients) : api_(url) {
  for (int i = 0; i < clients; ++i)
    clients_.push_back(
        base::system_env().spawn("load", [this](const std::stop_token& stop) { run(stop); }));
}

std::vector<Load::Failure> Load::end() {
  clients_.clear();
  return std::move(failures_);
}

int Load::answered() const {
  const std::lock_guard guard(mutex_);
  return answered_;
}

void Load::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    ask("GET", "/v1/introspection", 200);
    ask("POST", Api::of_node(99999) + "/abort", 404);
  }
}

void Load::ask(const std::string& method, const std::string& target, int expected) {
  const auto begun = base::system_env().now();
  const Answer answer = api_.ask(method, target, "", {{"Connection", "close"}});
  const std::lock_guard guard(mutex_);
  if (answer.status == expected)
    ++answered_;
  else
    failures_.push_back({begun, method + " " + answer.text()});
}

}  // namespace e2e
