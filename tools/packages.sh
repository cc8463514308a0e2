# Debian 12's packages by what they are needed for, and how they are installed. Sourced by ./demo, ./test
# and .ci/run.

PACKAGES_BUILD=(
  g++ cmake ninja-build ccache mold pkg-config
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev libboost-program-options1.81-dev
  libssl-dev zlib1g-dev libcurl4-openssl-dev libavahi-client-dev libspdlog-dev libfmt-dev libsystemd-dev libcrypt-dev
  libyaml-cpp-dev libpcre2-dev
  libsoci-dev libsqlite3-dev libpq-dev libmariadb-dev libnghttp2-dev libprotobuf-dev protobuf-compiler libzookeeper-mt-dev
  libhiredis-dev python3-dev
)
PACKAGES_DEMO=(curl jq procps)
PACKAGES_CLUSTER=(etcd-server postgresql)
PACKAGES_BENCH=(nginx-light)
# A virtual machine with its BMC, what it boots from the network, and the Ironic that switches it.
PACKAGES_VM=(
  qemu-system-x86 ipxe-qemu ipxe openipmi ipmitool dnsmasq-base busybox-static iproute2
  ironic-api ironic-conductor curl jq procps
)
# A systemd that boots in a container.
PACKAGES_SYSTEMD=(systemd systemd-container curl python3)
PACKAGES_TEST=(
  avahi-daemon dbus-daemon dnsmasq-base iptables busybox-static python3-zeroconf iproute2
  libgtest-dev libgmock-dev clang-format clang-tidy clang libclang-rt-dev python3 openssl apache2-utils git
  keystone gunicorn python3-keystonemiddleware python3-memcache python3-tooz python3-etcd3gw curl jq procps etcd-server etcd-client postgresql mariadb-server redis-server memcached
  zookeeper default-jre-headless uwsgi-core uwsgi-plugin-python3 apache2-bin libapache2-mod-wsgi-py3
  ironic-api ironic-conductor python3-openstacksdk swift swift-proxy swift-account swift-container swift-object
)

# need_packages NAME...: installs those that are missing; asks nothing, and lets no package start or
# enable a service.
need_packages() {
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "These Debian packages are needed, and neither root nor sudo is here: ${missing[*]}" >&2; return 1; }
    root=(sudo)
  fi
  echo "Installing Debian packages: ${missing[*]}"
  # Exit code 101 tells the packages' scripts not to start anything.
  local policy=/usr/sbin/policy-rc.d ours=
  if [ ! -e $policy ]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee $policy >/dev/null
    "${root[@]}" chmod 755 $policy
  fi
  local failed=0 log
  log=$(mktemp)
  { "${root[@]}" apt-get update -q &&
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -q -y --no-install-recommends "${missing[@]}"
  } >"$log" 2>&1 </dev/null || failed=1
  [ -n "$ours" ] && "${root[@]}" rm -f $policy
  [ $failed -eq 0 ] || { tail -n 30 "$log" >&2; echo "Installing failed; the whole output is in $log" >&2; return 1; }
  rm -f "$log"
}

# build_preset PRESET [TARGET...]: configures and builds, progress on the terminal.
build_preset() {
  local preset=$1
  shift
  local targets=()
  [ $# -gt 0 ] && targets=(--target "$@")
  cmake --preset "$preset" >"build-$preset.log" 2>&1 || { cat "build-$preset.log"; rm -f "build-$preset.log"; return 1; }
  rm -f "build-$preset.log"
  cmake --build --preset "$preset" "${targets[@]}"
}
