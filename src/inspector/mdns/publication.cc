#include "inspector/mdns/publication.h"

#include "base/log.h"

#include <avahi-client/client.h>
#include <avahi-client/publish.h>
#include <avahi-common/alternative.h>
#include <avahi-common/error.h>
#include <avahi-common/thread-watch.h>
#include <ifaddrs.h>
#include <net/if.h>

#include <arpa/inet.h>

#include <array>
#include <atomic>
#include <stdexcept>

namespace inspector {
namespace {

constexpr const char* kName = "baremetal-introspection";
constexpr const char* kType = "_openstack._tcp";
constexpr std::string_view kComponent = "inspector.mdns";
constexpr base::Env::Duration kPatience = std::chrono::seconds(5);

std::string text_of(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes =
      address->sa_family == AF_INET
          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in*>(address)->sin_addr)
          : &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  return inet_ntop(address->sa_family, bytes, text.data(), text.size()) ? text.data() : "";
}

/// The interface that has `wanted`.
AvahiIfIndex interface_of(const std::string& wanted) {
  ifaddrs* all = nullptr;
  if (getifaddrs(&all) != 0) throw std::runtime_error("the machine's addresses cannot be listed");
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owned(all, freeifaddrs);
  for (const ifaddrs* each = all; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr) continue;
    const int family = each->ifa_addr->sa_family;
    if ((family == AF_INET || family == AF_INET6) && text_of(each->ifa_addr) == wanted)
      return static_cast<AvahiIfIndex>(if_nametoindex(each->ifa_name));
  }
  throw std::runtime_error("[mdns]interfaces: no interface has the address " + wanted);
}

struct FreePoll {
  void operator()(AvahiThreadedPoll* p) const { avahi_threaded_poll_free(p); }
};
struct FreeClient {
  void operator()(AvahiClient* c) const { avahi_client_free(c); }
};
struct FreeGroup {
  void operator()(AvahiEntryGroup* g) const { avahi_entry_group_free(g); }
};
struct FreeTexts {
  void operator()(AvahiStringList* l) const { avahi_string_list_free(l); }
};

}  // namespace

/// Avahi calls back on its own thread, one call at a time, with its lock held.
class MdnsPublication::Impl {
 public:
  Impl(base::Env& env, ServiceRecord record, const Options& options)
      : env_(env), record_(std::move(record)), settled_(env.make_event()) {
    for (const std::string& address : options.interfaces)
      interfaces_.push_back(interface_of(address));
    if (interfaces_.empty()) interfaces_.push_back(AVAHI_IF_UNSPEC);
    poll_.reset(avahi_threaded_poll_new());
    if (!poll_) throw std::runtime_error("Avahi's loop cannot be made");
    int error = 0;
    client_.reset(avahi_client_new(avahi_threaded_poll_get(poll_.get()), AVAHI_CLIENT_NO_FAIL,
                                   on_client, this, &error));
    if (!client_) throw std::runtime_error(avahi_strerror(error));
    if (avahi_threaded_poll_start(poll_.get()) < 0)
      throw std::runtime_error("Avahi's thread cannot be started");
    await();
  }

  ~Impl() { avahi_threaded_poll_stop(poll_.get()); }

 private:
  enum class State { kPending, kEstablished, kFailed };

  void await() {
    const auto deadline = env_.now() + kPatience;
    while (state_ == State::kPending) {
      if (!settled_->wait_until(deadline, {})) break;
    }
    if (state_ == State::kEstablished) return;
    avahi_threaded_poll_stop(poll_.get());
    throw std::runtime_error(state_ == State::kFailed ? failure_
                                                      : "the Avahi daemon does not answer");
  }

  static void on_client(AvahiClient* client, AvahiClientState state, void* self) {
    static_cast<Impl*>(self)->client_changed(client, state);
  }
  static void on_group(AvahiEntryGroup*, AvahiEntryGroupState state, void* self) {
    static_cast<Impl*>(self)->group_changed(state);
  }

  void client_changed(AvahiClient* client, AvahiClientState state) {
    if (state == AVAHI_CLIENT_S_RUNNING) publish(client);
    if (state == AVAHI_CLIENT_S_REGISTERING || state == AVAHI_CLIENT_S_COLLISION) group_.reset();
    if (state == AVAHI_CLIENT_CONNECTING) group_.release();  // it died with the daemon
    if (state == AVAHI_CLIENT_FAILURE) fail(avahi_strerror(avahi_client_errno(client)));
  }

  void group_changed(AvahiEntryGroupState state) {
    if (state == AVAHI_ENTRY_GROUP_ESTABLISHED) settle(State::kEstablished);
    if (state == AVAHI_ENTRY_GROUP_COLLISION)
      fail("another machine publishes a service of this name");
    if (state == AVAHI_ENTRY_GROUP_FAILURE) fail(avahi_strerror(avahi_client_errno(client_.get())));
  }

  void publish(AvahiClient* client) {
    group_.reset(avahi_entry_group_new(client, on_group, this));
    if (!group_) return fail(avahi_strerror(avahi_client_errno(client)));
    for (const AvahiIfIndex interface : interfaces_)
      if (const int error = add(interface); error < 0) return fail(avahi_strerror(error));
    if (const int error = avahi_entry_group_commit(group_.get()); error < 0)
      fail(avahi_strerror(error));
  }

  /// The service and its host's addresses, which no other name server on the wire may know.
  int add(AvahiIfIndex interface) {
    AvahiStringList* list = nullptr;
    for (const auto& [name, value] : record_.txt)
      list = avahi_string_list_add_pair(list, name.c_str(), value.c_str());
    const std::unique_ptr<AvahiStringList, FreeTexts> texts(avahi_string_list_reverse(list));
    const std::string host = host_name();
    int error = 0;
    for (const std::string& address : record_.addresses) {
      AvahiAddress parsed{};
      if (avahi_address_parse(address.c_str(), AVAHI_PROTO_UNSPEC, &parsed) == nullptr) continue;
      error = avahi_entry_group_add_address(group_.get(), interface, AVAHI_PROTO_UNSPEC,
                                            AVAHI_PUBLISH_NO_REVERSE, host.c_str(), &parsed);
      if (error < 0) return error;
    }
    return avahi_entry_group_add_service_strlst(group_.get(), interface, AVAHI_PROTO_UNSPEC,
                                                static_cast<AvahiPublishFlags>(0), kName, kType,
                                                nullptr, host.c_str(), record_.port, texts.get());
  }

  /// An endpoint that is an address gets a name of its own to point at.
  std::string host_name() const {
    return record_.host.empty() ? std::string(kName) + ".local" : record_.host;
  }

  void fail(const std::string& why) {
    base::log_warning(kComponent, "The API is not published by mDNS", {{"reason", why}});
    failure_ = why;
    settle(State::kFailed);
  }
  void settle(State state) {
    state_ = state;
    settled_->set();
  }

  base::Env& env_;
  ServiceRecord record_;
  std::vector<AvahiIfIndex> interfaces_;
  std::unique_ptr<base::Env::Event> settled_;
  std::string failure_;
  std::atomic<State> state_ = State::kPending;
  std::unique_ptr<AvahiThreadedPoll, FreePoll> poll_;
  std::unique_ptr<AvahiClient, FreeClient> client_;
  std::unique_ptr<AvahiEntryGroup, FreeGroup> group_;
};

MdnsPublication::MdnsPublication(base::Env& env, const ServiceRecord& record,
                                 const Options& options) {
  base::Env::Duration pause = std::chrono::milliseconds(100);
  for (int left = options.attempts;; --left) {
    try {
      impl_ = std::make_unique<Impl>(env, record, options);
      return;
    } catch (const std::runtime_error& e) {
      if (left <= 1)
        throw std::runtime_error(std::string("Cannot register ") + kName + " service: " + e.what());
    }
    env.sleep_for(pause, {});
    pause *= 2;
  }
}

MdnsPublication::~MdnsPublication() = default;

}  // namespace inspector
