# The parts of tools/install-unattended. On top of demo-lib.sh: what is started ends with the script unless
# it comes to its end.

scratch=/var/lib/inspector-site running=/run/inspector-site.pids bin=/usr/local/bin
bridge=inspection network=10.97.0 mac=52:54:00:aa:bb:01 bmc_port=6230
ironic=http://127.0.0.1:6385 inspector=http://$network.1:5050
etcd_port=2379 pg_port=5432
machine=tests/vm/machine

step() { printf '\n== %s\n' "$*"; }

# rights USER: what setpriv is told so that a program has no more than this user's.
rights() { echo "--reuid $1 --regid $(id -g "$1") --clear-groups --no-new-privs"; }

# as USER COMMAND...: waited for. What goes on is started as `start NAME setpriv $(rights USER) COMMAND...`.
as() {
  local user=$1
  shift
  setpriv $(rights "$user") "$@"
}

# born PID: when it began, by which it is told from a later process with its number; nothing when it is gone.
born() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

remember_started() {
  local pid
  for pid in "${pids[@]}"; do echo "$pid $(born "$pid")"; done >"$running"
}

stop_site() {
  local started i pid began
  [ -s "$running" ] || { echo "Nothing of it is running"; return 0; }
  mapfile -t started <"$running"
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    read -r pid began <<<"${started[$i]}"
    [ "$(born "$pid")" != "$began" ] || stop_pid "$pid"
  done
  rm "$running"
  remove_network
}

# remove_network: the bridge, and what machines were plugged into it by (power-on.sh keeps that when they are off).
remove_network() {
  local each
  for each in $(ip -o link show master "$bridge" 2>/dev/null | sed 's/^[0-9]*: \([^:@]*\).*/\1/') "$bridge"; do
    ip link del "$each" 2>/dev/null || true
  done
}

install_programs() {
  cmake --install build/release --prefix "$(dirname "$bin")" --component Unspecified >/dev/null
  g++ -std=c++20 -O2 -o build/release/ramdisk_poster "$machine/poster.cc" -static -l:libboost_json.a
}

prepare_folders() {
  local user
  rm -rf "${scratch:?}"/*.log "$scratch/postgresql" "$scratch/etcd" "$scratch/ironic" "$scratch/ironic-inspector" \
    "$scratch/machine"
  mkdir -p "$scratch/boot" "$scratch/machine"
  for user in ironic ironic-inspector; do
    id "$user" >/dev/null 2>&1 || useradd --system --home-dir "$scratch/$user" --shell /usr/sbin/nologin "$user"
    install -d -o "$user" "$scratch/$user"
  done
  as ironic mkdir -p "$scratch/ironic/"{tftp/master,images/master,http,lock,state}
  as ironic-inspector mkdir -p "$scratch/ironic-inspector/hosts"
}

make_bridge() {
  ip link show "$bridge" >/dev/null 2>&1 || ip link add "$bridge" type bridge
  ip address replace "$network.1/24" dev "$bridge"
  ip link set "$bridge" up
}

start_ironic() {
  local folder=$scratch/ironic
  cat >"$scratch/ironic.conf" <<CONF
[DEFAULT]
auth_strategy = noauth
rpc_transport = json-rpc
# Under this name the API looks for the conductor.
host = 127.0.0.1
my_ip = 127.0.0.1
state_path = $folder/state
enabled_hardware_types = ipmi
enabled_bios_interfaces = no-bios
enabled_boot_interfaces = ipxe
enabled_console_interfaces = no-console
enabled_deploy_interfaces = direct
enabled_inspect_interfaces = inspector
enabled_management_interfaces = noop
enabled_network_interfaces = noop
enabled_power_interfaces = ipmitool
enabled_raid_interfaces = no-raid
enabled_rescue_interfaces = no-rescue
enabled_storage_interfaces = noop
enabled_vendor_interfaces = no-vendor
[api]
host_ip = 127.0.0.1
port = ${ironic##*:}
api_workers = 1
[json_rpc]
auth_strategy = noauth
auth_type = none
host_ip = 127.0.0.1
[conductor]
automated_clean = false
[dhcp]
dhcp_provider = none
[database]
connection = sqlite:///$folder/ironic.sqlite
[pxe]
tftp_root = $folder/tftp
tftp_master_path = $folder/tftp/master
images_path = $folder/images
instance_master_path = $folder/images/master
[deploy]
http_root = $folder/http
[oslo_concurrency]
lock_path = $folder/lock
[oslo_messaging_notifications]
driver = noop
[inventory]
data_backend = database
[inspector]
auth_type = none
endpoint_override = $inspector
power_off = true
require_managed_boot = false
status_check_period = 5
CONF
  as ironic ironic-dbsync --config-file "$scratch/ironic.conf" create_schema >"$scratch/ironic-dbsync.log" 2>&1
  start ironic setpriv $(rights ironic) ironic --config-file "$scratch/ironic.conf"
  wait_for 120 Ironic has_driver
}

has_driver() { curl -sf "$ironic/v1/drivers" | jq -e '.drivers | length > 0'; }

# write_config FILE LINES: what every service of the inspector needs, and its own [DEFAULT] first.
write_config() {
  cat >"$1" <<CONF
[DEFAULT]
$2
auth_strategy = noauth
listen_address = 0.0.0.0
listen_port = ${inspector##*:}
[ironic]
auth_type = none
endpoint_override = $ironic
[processing]
store_data = database
[pxe_filter]
driver = dnsmasq
[dnsmasq_pxe_filter]
dhcp_hostsdir = $scratch/ironic-inspector/hosts
CONF
}

# service NAME PROGRAM: of ours, by the configuration NAME.conf.
service() { start "$1" setpriv $(rights ironic-inspector) "$bin/$2" --config-file "$scratch/$1.conf"; }

upgrade_database() {
  as ironic-inspector "$bin/ironic-inspector-dbsync" --config-file "$scratch/$1.conf" upgrade 2>"$scratch/dbsync.log"
}

start_standalone() {
  write_config "$scratch/inspector.conf" "standalone = True"
  printf '[database]\nconnection = sqlite:///%s/inspector.sqlite\n' "$scratch/ironic-inspector" >>"$scratch/inspector.conf"
  upgrade_database inspector
  service inspector ironic-inspector
  wait_for 60 "the inspector" curl -sf "$inspector/"
}

start_split() {
  local each
  start_etcd
  start_postgresql
  for each in conductor api; do
    write_config "$scratch/$each.conf" "standalone = False
host = $each-1"
    cat >>"$scratch/$each.conf" <<CONF
[coordination]
backend_url = etcd3://127.0.0.1:$etcd_port
[json_rpc]
host_ip = 127.0.0.1
auth_strategy = noauth
port = 8090
[database]
connection = postgresql://inspector@127.0.0.1:$pg_port/inspector
CONF
  done
  upgrade_database conductor
  service conductor ironic-inspector-conductor
  start api setpriv $(rights ironic-inspector) "$bin/ironic-inspector-api-wsgi" --port "${inspector##*:}" -- --config-file "$scratch/api.conf"
  wait_for 60 "the inspector's API" curl -sf "$inspector/"
  wait_for 60 "the conductor" conductor_is_there
}

conductor_is_there() {
  "$bin/toozctl" --backend "etcd3://127.0.0.1:$etcd_port" members ironic_inspector.service_group | grep -q .
}

start_boot_server() {
  "$machine/ramdisk.sh" "$scratch/boot" build/release/ramdisk_poster >"$scratch/ramdisk.log" 2>&1 ||
    { cat "$scratch/ramdisk.log" >&2; exit 1; }
  start dnsmasq "$machine/dhcp.sh" "$scratch/boot" "$bridge" "$network" "$inspector/v1/continue" \
    "$scratch/ironic-inspector/hosts"
  wait_for 20 dnsmasq grep -q "TFTP root is" "$scratch/dnsmasq.log"
}

start_machine() {
  start bmc "$machine/bmc.sh" "$scratch/machine" "$network.1" "$bmc_port" "$bridge" "$mac"
  wait_for 20 "the machine's BMC" ipmitool -I lanplus -C 3 -H "$network.1" -p "$bmc_port" -U admin -P secret chassis power status
}

# ask METHOD PATH [BODY]: Ironic's answer; what it refuses ends the script, with its words.
ask() {
  local code
  code=$(curl -s -o "$scratch/answer" -w '%{http_code}' -X "$1" "$ironic$2" ${3:+--data "$3"} \
    -H 'Content-Type: application/json' -H 'X-OpenStack-Ironic-API-Version: 1.81')
  case $code in
    2*) cat "$scratch/answer" ;;
    *) echo "Ironic: $1 $2: $code $(cat "$scratch/answer")" >&2; return 1 ;;
  esac
}

# enrol_machine: prints the node's UUID.
enrol_machine() {
  local node
  node=$(ask POST /v1/nodes '{"driver": "ipmi", "driver_info": {"ipmi_address": "'$network.1'",
    "ipmi_port": '$bmc_port', "ipmi_username": "admin", "ipmi_password": "secret"}}' | jq -r .uuid) || return 1
  ask POST /v1/ports '{"node_uuid": "'"$node"'", "address": "'$mac'"}' >/dev/null || return 1
  echo "$node"
}

# provision NODE VERB STATE SECONDS: returns when the node has come to the state.
provision() {
  local node=$1 verb=$2 wanted=$3 end=$((SECONDS + $4)) state='' last=''
  ask PUT "/v1/nodes/$node/states/provision" '{"target": "'"$verb"'"}'
  while :; do
    read -r state last < <(ask GET "/v1/nodes/$node" | jq -r '"\(.provision_state | gsub(" "; "-")) \(.last_error // "")"')
    [ "$state" != "$wanted" ] || return 0
    case $state in
      *failed | enroll) [ -z "$last" ] || { echo "$node: $state: $last" >&2; return 1; } ;;
    esac
    check_alive
    [ $SECONDS -lt $end ] || { echo "$node is still in $state" >&2; return 1; }
    sleep 1
  done
}

show_node() {
  ask GET "/v1/nodes/$1" | jq '{uuid, provision_state, power_state, properties}'
  ask GET "/v1/ports/detail?node=$1" | jq -c '.ports[] | {address, pxe_enabled}'
}
