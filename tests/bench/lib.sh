# What the measurements share: figures over several runs, the table, settings of a service.

declare -A values  # row → its figures, one for each run
rows=()            # in the order in which they came

# note ROW FIGURE: one run's figure.
note() {
  [ -n "${values[$1]:-}" ] || rows+=("$1")
  values[$1]+="$2 "
  echo "  $1: $2" >&2
}

# ratio A B: A / B in percent.
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.0f", 100 * a / b}'; }

# print_table: each row's minimum, median and maximum.
print_table() {
  local row
  echo "| figure | min | median | max | runs |"
  echo "|---|---:|---:|---:|---:|"
  for row in "${rows[@]}"; do
    tr ' ' '\n' <<<"${values[$row]}" | grep . | sort -g |
      awk -v row="$row" '{v[NR] = $1} END {printf "| %s | %s | %s | %s | %d |\n", row, v[1], v[int((NR + 1) / 2)], v[NR], NR}'
  done
}

load_now() { cut -d' ' -f1 /proc/loadavg; }

# flush_time: microseconds until the disk below the scratch folder has 4 KiB, the mean of 200.
flush_time() {
  local begin end
  begin=${EPOCHREALTIME/./}
  dd if=/dev/zero of="$scratch/flush" bs=4096 count=200 oflag=dsync 2>/dev/null
  end=${EPOCHREALTIME/./}
  rm -f "$scratch/flush"
  echo $(((end - begin) / 200))
}

print_machine() {
  echo "* $(date -u +%Y-%m-%d), commit $(git rev-parse --short HEAD), $(. /etc/os-release && echo "$PRETTY_NAME"), kernel $(uname -r)"
  echo "* $(nproc) cores: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1); $(awk '/MemTotal/ {printf "%.0f", $2 / 1048576}' /proc/meminfo) GiB"
  echo "* load of the machine (1 minute) before the first run $load_before, after the last $(load_now): where the first is far above 0, others used the cores too"
  echo "* the disk takes $flush_us µs to flush 4 KiB (measured before the first run)"
}

# first_answer PORT: true when a server there answers a request.
first_answer() {
  local line
  { printf 'GET / HTTP/1.0\r\n\r\n' >&3 && read -r -t 5 line <&3; } 3<>"/dev/tcp/127.0.0.1/$1"
} 2>/dev/null

resident_mb() { awk '/VmRSS/ {printf "%.1f", $2 / 1024}' "/proc/$1/status"; }

# stop_one NAME: of those started here.
stop_one() {
  local pid=pid_${1//-/_}
  pid=${!pid}
  stop_pid "$pid"
  local kept=() each
  for each in "${pids[@]}"; do [ "$each" = "$pid" ] || kept+=("$each"); done
  pids=("${kept[@]}")
}

# write_service_config FILE: what all measured services have; the rest comes after it.
write_service_config() {
  cat >"$1" <<CONF
[DEFAULT]
auth_strategy = noauth
transport_url = fake://
introspection_delay = 0
[ironic]
auth_type = none
endpoint_override = http://127.0.0.1:$sim_port
[processing]
store_data = database
[pxe_filter]
driver = noop
CONF
}

# start_sim: the simulated Ironic with sim_nodes machines, at sim_port; with sim_reports set they post
# to the first of apis_at.
start_sim() {
  local posting=()
  [ -z "$sim_reports" ] || posting=(--inspector "http://${apis_at[0]}")
  start sim "$bin/ironic-sim" --port "$sim_port" --nodes "$sim_nodes" --boot-time 0s "${posting[@]}"
  wait_for 15 "the simulated Ironic" first_answer "$sim_port"
}
