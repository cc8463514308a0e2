# What both demos share: a scratch folder, processes that end with it, and the table of nodes.

bin=build/release/bin
pids=()
on_terminal=
if [ -t 1 ]; then on_terminal=yes; fi

start_scratch() {
  scratch=$(mktemp -d /tmp/inspector-demo.XXXXXX)
  echo "Everything is written below $scratch"
  trap stop_all EXIT
  trap 'exit 130' INT TERM
}

# start NAME PROGRAM ARGS...: in the background, output to NAME.log; remembers the pid in pid_NAME.
start() {
  local name=$1
  shift
  "$@" >"$scratch/$name.log" 2>&1 &
  pids+=($!)
  printf -v "pid_${name//-/_}" '%s' $!
}

stop_all() {
  local i
  trap - EXIT
  if [ -n "${keep:-}" ] && [ "${finished:-}" = yes ]; then
    echo "Still running: pids ${pids[*]}; stop them with: kill ${pids[*]}"
    return
  fi
  # In the reverse order of their start, each waited for.
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do stop_pid "${pids[$i]}"; done
}

# stop_pid PID: one of ours; waits for its end, for 10 s at most before it is killed.
stop_pid() {
  kill "$1" 2>/dev/null || return 0
  for _ in $(seq 100); do kill -0 "$1" 2>/dev/null || break; sleep 0.1; done
  kill -9 "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

# free_port: one that nobody listens on now, below those that the kernel gives to outgoing connections.
free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# check_alive: ends the demo when a process that it started has ended by itself.
check_alive() {
  local pid
  for pid in "${pids[@]}"; do
    kill -0 "$pid" 2>/dev/null && continue
    echo "process $pid has ended; the last lines of each log:" >&2
    tail -n 2 "$scratch"/*.log >&2
    exit 1
  done
}

# wait_for SECONDS WHAT COMMAND...: until it succeeds.
wait_for() {
  local seconds=$1 what=$2 end
  shift 2
  end=$((SECONDS + seconds))
  until "$@" >/dev/null 2>&1; do
    check_alive
    [ $SECONDS -lt $end ] || { echo "$what did not come up within $seconds s; see $scratch" >&2; exit 1; }
    sleep 0.1
  done
}

# start_etcd: at etcd_port.
start_etcd() {
  local client=http://127.0.0.1:$etcd_port peer
  peer=http://127.0.0.1:$(free_port)
  start etcd etcd --data-dir "$scratch/etcd" --listen-client-urls "$client" --advertise-client-urls "$client" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "default=$peer"
  wait_for 20 etcd curl -sf "$client/health"
}

# start_postgresql ARGS...: at pg_port, with user and database `inspector`; the server gets ARGS.
start_postgresql() {
  local pg as=() data=$scratch/postgresql
  pg=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
  mkdir -p "$data"
  if [ "$(id -u)" -eq 0 ]; then  # PostgreSQL refuses to run as root
    chown postgres "$data"
    chmod 711 "$scratch"
    as=(setpriv --reuid postgres --regid postgres --clear-groups)
  fi
  (cd / && "${as[@]}" "$pg/initdb" -D "$data" -U inspector -A trust --no-sync) >"$scratch/initdb.log" 2>&1
  start postgresql "${as[@]}" "$pg/postgres" -D "$data" -p "$pg_port" -h 127.0.0.1 -k "" "$@"
  wait_for 20 PostgreSQL "$pg/pg_isready" -h 127.0.0.1 -p "$pg_port"
  "$pg/createdb" -h 127.0.0.1 -p "$pg_port" -U inspector inspector
}

# node_uuids: those that the simulated Ironic has.
node_uuids() { curl -sf "$ironic/v1/nodes?fields=uuid" | jq -r '.nodes[].uuid'; }

# start_introspections UUID...: POSTs each; the API processes take turns.
start_introspections() {
  local uuid n=0 code
  for uuid in "$@"; do
    code=$(curl -s -o "$scratch/answer" -w '%{http_code}' -X POST "${apis[$((n++ % ${#apis[@]}))]}/v1/introspection/$uuid")
    [ "$code" = 202 ] || echo "start of $uuid: $code $(cat "$scratch/answer")"
  done
}

states() {
  local api
  for api in "${apis[@]}"; do
    curl -sf -m 5 "$api/v1/introspection" | jq -r '.introspection[] | "\(.uuid) \(.state) \(.error // "")"' && return
  done
  return 1
}

# show_until_done SECONDS [EXTRA-COLUMN-COMMAND]: a table of all nodes, drawn again until none is under way.
show_until_done() {
  local end=$((SECONDS + $1)) extra=${2:-} drawn=0 last= now table
  while :; do
    now=$(states | sort) || now=$last
    if [ "$now" != "$last" ]; then
      table=$(draw "$now" "$extra")
      if [ -n "$on_terminal" ] && [ $drawn -gt 0 ]; then printf '\033[%dA' "$drawn"; fi
      printf '%s\n' "$table"
      drawn=$(echo "$table" | wc -l)
      last=$now
    fi
    # What it prints pushes the table up: the next one is drawn below it.
    [ -n "${on_look:-}" ] && $on_look "$now" && drawn=0
    all_done "$now" && break
    [ $SECONDS -lt $end ] || { echo "not all nodes were done in time" >&2; return 1; }
    sleep 0.3
  done
}

all_done() {
  [ "$(echo "$1" | wc -l)" -ge "$nodes" ] && ! echo "$1" | awk '{print $2}' | grep -qv '^finished$\|^error$'
}

# draw STATES EXTRA: the whole table on a terminal; else one line that counts the states.
draw() {
  local clear= uuid state error
  if [ -z "$on_terminal" ]; then
    echo "$1" | awk '{n[$2]++} END {for (s in n) printf "%s %d  ", s, n[s]; print ""}'
    return
  fi
  clear=$'\033[K'
  printf '%-38s %-12s %s%s\n' node state "${2:+worked on by}" "$clear"
  while read -r uuid state error; do
    printf '%-38s %-12s %s %s%s\n' "$uuid" "$state" "$([ -n "$2" ] && $2 "$uuid")" "$error" "$clear"
  done <<<"$1"
}
