// The program of the ramdisk: reads what this machine is made of and reports it to the inspector.
// Ends with 0: accepted; 1: no answer, or one that asks to try again; 2: refused.
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr const char* kUrl = "ipa-inspection-callback-url=";
constexpr const char* kBootif = "BOOTIF=01-";
constexpr std::uint64_t kGib = 1ULL << 30U;

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  std::string all = text.str();
  while (!all.empty() && (all.back() == '\n' || all.back() == ' '))
    all.pop_back();
  return all;
}

/// null where the file is missing or empty.
json::value text_in(const fs::path& file) {
  const std::string text = contents(file);
  return text.empty() ? json::value() : json::value(text);
}

std::uint64_t number_in(const fs::path& file, int base = 10) {
  const std::string text = contents(file);
  return text.empty() ? 0 : std::stoull(text, nullptr, base);
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code missing;
  for (const auto& entry : fs::directory_iterator(folder, missing))
    found.push_back(entry.path());
  std::ranges::sort(found);
  return found;
}

/// Of the kernel's command line; empty: not there.
std::string argument(const std::string& name) {
  std::istringstream words(contents("/proc/cmdline"));
  for (std::string word; words >> word;)
    if (word.starts_with(name)) return word.substr(name.size());
  return "";
}

/// As PXE writes it after `01-`, with colons; empty: booted in another way.
std::string boot_mac() {
  std::string mac = argument(kBootif);
  std::ranges::replace(mac, '-', ':');
  std::ranges::transform(mac, mac.begin(), [](unsigned char c) { return std::tolower(c); });
  return mac;
}

json::value ipv4_of(const std::string& name) {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return nullptr;
  json::value found;
  for (const ifaddrs* each = all; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr || each->ifa_addr->sa_family != AF_INET || name != each->ifa_name)
      continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    const auto* address = reinterpret_cast<const sockaddr_in*>(each->ifa_addr);
    found = ::inet_ntop(AF_INET, &address->sin_addr, text.data(), text.size());
  }
  ::freeifaddrs(all);
  return found;
}

json::array interfaces() {
  json::array found;
  for (const fs::path& card : entries("/sys/class/net")) {
    const std::string name = card.filename();
    if (!fs::exists(card / "device")) continue;
    found.push_back({{"name", name},
                     {"mac_address", contents(card / "address")},
                     {"ipv4_address", ipv4_of(name)},
                     {"has_carrier", contents(card / "carrier") == "1"},
                     {"vendor", text_in(card / "device/vendor")},
                     {"product", text_in(card / "device/device")},
                     {"lldp", json::array()}});
  }
  return found;
}

json::array disks() {
  json::array found;
  for (const fs::path& disk : entries("/sys/block")) {
    if (!fs::exists(disk / "device")) continue;
    found.push_back({{"name", "/dev/" + disk.filename().string()},
                     {"size", number_in(disk / "size") * 512},  // always in units of 512 bytes
                     {"rotational", contents(disk / "queue/rotational") == "1"},
                     {"model", text_in(disk / "device/model")},
                     {"vendor", text_in(disk / "device/vendor")},
                     {"serial", text_in(disk / "serial")}});
  }
  return found;
}

/// The smallest disk of 4 GiB or more, as ironic-python-agent chooses it.
json::value root_of(const json::array& disks) {
  const json::value* root = nullptr;
  const auto size = [](const json::value& disk) {
    return disk.at("size").to_number<std::uint64_t>();
  };
  for (const json::value& disk : disks)
    if (size(disk) >= 4 * kGib && (root == nullptr || size(disk) < size(*root))) root = &disk;
  return root == nullptr ? json::value() : *root;
}

/// The first value that /proc/cpuinfo has of it.
std::string of_processor(const std::string& name) {
  std::istringstream lines(contents("/proc/cpuinfo"));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(name) && line.find(": ") != std::string::npos)
      return line.substr(line.find(": ") + 2);
  return "";
}

json::object processors() {
  utsname system{};
  ::uname(&system);
  json::array flags;
  std::istringstream words(of_processor("flags"));
  for (std::string word; words >> word;)
    flags.emplace_back(word);
  return {{"count", ::get_nprocs()},
          {"architecture", system.machine},
          {"model_name", of_processor("model name")},
          {"frequency", of_processor("cpu MHz")},
          {"flags", flags}};
}

json::object memory() {
  constexpr const char* kBlocks = "/sys/devices/system/memory";
  struct sysinfo system {};
  ::sysinfo(&system);
  std::uint64_t blocks = 0;
  for (const fs::path& block : entries(kBlocks))
    if (contents(block / "online") == "1") ++blocks;
  const std::uint64_t size = number_in(fs::path(kBlocks) / "block_size_bytes", 16);
  return {{"total", std::uint64_t{system.totalram} * system.mem_unit},
          {"physical_mb", blocks * size >> 20U}};
}

/// Without the `0x` in front.
std::string hexadecimal(const fs::path& file) {
  const std::string text = contents(file);
  return text.starts_with("0x") ? text.substr(2) : text;
}

json::array pci_devices() {
  json::array found;
  for (const fs::path& device : entries("/sys/bus/pci/devices"))
    found.push_back({{"vendor_id", hexadecimal(device / "vendor")},
                     {"product_id", hexadecimal(device / "device")},
                     {"class", hexadecimal(device / "class")},
                     {"revision", hexadecimal(device / "revision")},
                     {"bus", device.filename().string()}});
  return found;
}

json::object report() {
  const fs::path board = "/sys/class/dmi/id";
  const std::string booted_from = boot_mac();
  const json::array all_disks = disks();
  json::object inventory{{"interfaces", interfaces()},
                         {"disks", all_disks},
                         {"cpu", processors()},
                         {"memory", memory()}};
  inventory["system_vendor"] = json::object{{"product_name", text_in(board / "product_name")},
                                            {"serial_number", text_in(board / "product_serial")},
                                            {"manufacturer", text_in(board / "sys_vendor")}};
  inventory["boot"] =
      json::object{{"current_boot_mode", fs::exists("/sys/firmware/efi") ? "uefi" : "bios"},
                   {"pxe_interface", booted_from}};
  return {{"inventory", inventory},
          {"root_disk", root_of(all_disks)},
          {"boot_interface", booted_from},
          {"pci_devices", pci_devices()}};
}

/// `http://192.0.2.1:5050/v1/continue`; there are no names in a ramdisk.
struct Url {
  std::string host;  ///< with the port
  sockaddr_in address{};
  std::string path;
};

Url parse(const std::string& url) {
  constexpr std::string_view kScheme = "http://";
  const std::size_t slash = url.find('/', kScheme.size());
  const std::size_t colon = url.find(':', kScheme.size());
  if (!url.starts_with(kScheme) || slash == std::string::npos || colon > slash)
    throw std::invalid_argument(std::string(kUrl) + url + ": expected http://ADDRESS:PORT/PATH");
  Url parsed{url.substr(kScheme.size(), slash - kScheme.size()), {}, url.substr(slash)};
  parsed.address.sin_family = AF_INET;
  parsed.address.sin_port = htons(std::stoi(url.substr(colon + 1, slash - colon - 1)));
  const std::string address = url.substr(kScheme.size(), colon - kScheme.size());
  if (::inet_pton(AF_INET, address.c_str(), &parsed.address.sin_addr) != 1)
    throw std::invalid_argument(std::string(kUrl) + url + ": expected an IPv4 address");
  return parsed;
}

/// Status and body; nullopt: no answer within 60 s.
std::optional<std::pair<int, std::string>> post(const Url& url, const std::string& body) {
  const int connection = ::socket(AF_INET, SOCK_STREAM, 0);
  const timeval patience{60, 0};
  ::setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  std::string request = "POST " + url.path + " HTTP/1.1\r\nHost: " + url.host +
                        "\r\nContent-Type: application/json\r\nConnection: close\r\n"
                        "Content-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n" + body;
  bool sent = ::connect(connection, reinterpret_cast<const sockaddr*>(&url.address),
                        sizeof url.address) == 0;
  for (std::size_t done = 0; sent && done < request.size();) {
    const ssize_t count =
        ::send(connection, request.data() + done, request.size() - done, MSG_NOSIGNAL);
    sent = count > 0;
    done += sent ? static_cast<std::size_t>(count) : 0;
  }
  std::string answer;
  std::array<char, 4096> part{};
  for (ssize_t count = 1; sent && count > 0;) {
    count = ::recv(connection, part.data(), part.size(), 0);
    if (count > 0) answer.append(part.data(), static_cast<std::size_t>(count));
  }
  ::close(connection);
  const std::size_t end = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.") || end == std::string::npos) return std::nullopt;
  return std::pair(std::stoi(answer.substr(9)), answer.substr(end + 4));
}

int run() {
  const Url url = parse(argument(kUrl));
  const std::string body = json::serialize(report());
  std::cout << "report: " << body << std::endl;
  const auto answer = post(url, body);
  if (!answer) {
    std::cout << "report: no answer from " << url.host << std::endl;
    return 1;
  }
  std::cout << "report: " << answer->first << " " << answer->second << std::endl;
  if (answer->first == 200) return 0;
  return answer->first == 409 || answer->first >= 500 ? 1 : 2;
}

}  // namespace

int main() {
  try {
    return run();
  } catch (const std::exception& e) {
    std::cerr << "report: " << e.what() << "\n";
    return 2;
  }
}
