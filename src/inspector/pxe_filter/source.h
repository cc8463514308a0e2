#pragma once
#include "inspector/ironic/client.h"
#include "inspector/node/store.h"
#include "inspector/pxe_filter/boot_set.h"

#include <filesystem>
#include <string>
#include <vector>

namespace inspector {

/// Reads what a filter follows. Thread-safe.
class BootSetSource {
 public:
  struct Options {
    bool discovers =
        false;  ///< a node_not_found_hook is set: unknown machines may boot at any time
    std::vector<std::string> ethoib_interfaces;
    std::filesystem::path sys = "/sys";
  };

  /// Both outlive it.
  BootSetSource(NodeStore& store, ironic::Client& ironic, Options options)
      : store_(store), ironic_(ironic), options_(std::move(options)) {}

  /// One list of Ironic's ports and two queries. Throws ironic::Error, sql::Error.
  BootSet read(const std::stop_token& stop) const;
  /// The database's part alone, without the machines that Ironic knows.
  BootSet read_active() const;

 private:
  NodeStore& store_;
  ironic::Client& ironic_;
  const Options options_;
};

}  // namespace inspector
