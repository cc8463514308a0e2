# The standalone service on SQLite: start, memory, idling, whole introspections, reports, requests that only read.

goal "standalone: start until the first answer, ms" "<" 100
goal "standalone: resident after the start, MiB" "<" 25
goal "standalone: idle, % of a core" "<" 0.5
goal "standalone, 10,000 nodes in the cache: start, times that without" "≤" 1.5
goal "standalone, 10,000 nodes in the cache: resident, times that without" "≤" 1.5
goal "standalone, 10,000 nodes in the cache: idle, % of a core" "<" 0.5
goal "standalone, SQLite: whole introspections/s" "≥" 500
goal "standalone, SQLite: whole introspections, % of the better bare loop" "≥" 60
goal "standalone, Ironic takes 200 ms: 500 nodes started at once, s" "<" 5
goal "a report of 1 MB, times its JSON parsed and serialised" "≤" 3
goal "list of 1,000 nodes, ms" "≤" 5
for connections in 16 64; do
  goal "GET status at $connections, % of nginx" "≥" 40
  goal "GET status at $connections, p99, times nginx's" "≤" 5
done

idle_seconds=20
full_cache=10000

# nginx answers the same number of bytes from its configuration.
start_nginx() {
  local body
  nginx_port=$(free_port)
  body=$(head -c "$1" /dev/zero | tr '\0' x)
  mkdir -p "$scratch/nginx"
  cat >"$scratch/nginx.conf" <<CONF
daemon off;
worker_processes auto;
pid $scratch/nginx/pid;
error_log stderr;
events {}
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path $scratch/nginx/body;
  proxy_temp_path $scratch/nginx/proxy;
  fastcgi_temp_path $scratch/nginx/fastcgi;
  uwsgi_temp_path $scratch/nginx/uwsgi;
  scgi_temp_path $scratch/nginx/scgi;
  server {
    listen 127.0.0.1:$nginx_port backlog=1024;
    default_type application/json;
    location / { return 200 "$body"; }
  }
}
CONF
  start nginx nginx -p "$scratch/nginx" -c "$scratch/nginx.conf" -e stderr
  wait_for 10 nginx first_answer "$nginx_port"
}

# new_site NODES LATENCY: a configuration, an empty database, and a simulated Ironic whose machines post to $post_port.
new_site() {
  folder=$scratch/standalone
  rm -rf "$folder"
  mkdir -p "$folder"
  port=$(free_port) sim_port=$(free_port)
  write_service_config "$folder/conf"
  cat >>"$folder/conf" <<CONF
[DEFAULT]
standalone = True
listen_address = 127.0.0.1
listen_port = $port
[database]
connection = sqlite:///$folder/inspector.sqlite
CONF
  "$bin/ironic-inspector-dbsync" --config-file "$folder/conf" upgrade 2>"$folder/dbsync.log"
  start sim "$bin/ironic-sim" --port "$sim_port" --nodes "$1" --latency "$2" --boot-time 0s \
    --inspector "http://127.0.0.1:${post_port:-$port}"
  wait_for 15 "the simulated Ironic" first_answer "$sim_port"
}

# start_service: milliseconds until it answers, in took_ms.
start_service() {
  local begin=${EPOCHREALTIME/./}
  start inspector "$bin/ironic-inspector" --config-file "$folder/conf"
  until first_answer "$port"; do
    [ $((${EPOCHREALTIME/./} - begin)) -lt 15000000 ] || { echo "the service did not start; see $scratch" >&2; exit 1; }
  done
  took_ms=$(((${EPOCHREALTIME/./} - begin) / 1000))
}

stop_site() {
  stop_one inspector
  stop_one sim
}

processor_ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }

# idle_share PID: percent of a core, while nobody asks it for anything.
idle_share() {
  local before
  before=$(processor_ticks "$1")
  sleep "$idle_seconds"
  awk -v ticks=$(($(processor_ticks "$1") - before)) -v hz="$(getconf CLK_TCK)" -v seconds="$idle_seconds" \
    'BEGIN {printf "%.2f", 100 * ticks / hz / seconds}'
}

times() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a / b}'; }

introspect_all() { ironic="http://127.0.0.1:$sim_port" node_uuids | "$bench/bench-introspection" finished "$1" "127.0.0.1:$port"; }

measure_start() {
  new_site 1 0ms
  start_service
  empty_ms=$took_ms empty_mb=$(resident_mb "$pid_inspector")
  note "standalone: start until the first answer, ms" "$empty_ms"
  note "standalone: resident after the start, MiB" "$empty_mb"
  note "standalone: idle, % of a core" "$(idle_share "$pid_inspector")"
  stop_site
}

measure_full_cache() {
  local row="standalone, 10,000 nodes in the cache" list url=http://127.0.0.1
  new_site "$full_cache" 0ms
  tests/bench/fill_cache.py "$folder/inspector.sqlite" "$full_cache"
  start_service
  note "$row: start, times that without" "$(times "$took_ms" "$empty_ms")"
  note "$row: idle, % of a core" "$(idle_share "$pid_inspector")"
  note "$row: resident, times that without" "$(times "$(resident_mb "$pid_inspector")" "$empty_mb")"
  url+=:$port/v1/introspection?limit=1000
  list=$(for _ in $(seq 21); do echo "$url"; done | xargs curl -s -w '\n%{stderr}%{time_total}\n' 2>&1 >/dev/null)
  note "list of 1,000 nodes, ms" "$(sort -g <<<"$list" | awk 'NR == 11 {printf "%.1f", 1000 * $1}')"
  stop_site
}

measure_introspections() {
  local ours bare best=0 threads
  new_site "$nodes" 0ms
  start_service
  ours=$(introspect_all 16)
  note "standalone, SQLite: whole introspections/s" "$ours"
  note "standalone: resident after $nodes introspections, MiB" "$(resident_mb "$pid_inspector")"
  measure_reads "/v1/introspection/$(ironic="http://127.0.0.1:$sim_port" node_uuids | head -n 1)"
  stop_site
  for threads in 16 64; do
    post_port=$nginx_port new_site "$nodes" 0ms  # nginx answers the machines, and does nothing else
    bare=$(ironic="http://127.0.0.1:$sim_port" node_uuids |
      "$bench/bench-bare" "$threads" "http://127.0.0.1:$sim_port" "sqlite:///$folder/inspector.sqlite")
    note "the bare loop in $threads threads, nodes/s" "$bare"
    best=$(printf '%s\n' "$best" "$bare" | sort -g | tail -n 1)
    stop_one sim
  done
  note "standalone, SQLite: whole introspections, % of the better bare loop" "$(ratio "$ours" "$best")"
  stop_one nginx
}

measure_patience() {
  new_site 500 200ms
  start_service
  note "standalone, Ironic takes 200 ms: 500 nodes started at once, s" "$(times 500 "$(introspect_all 500)")"
  stop_site
}

measure_report() {
  local figures
  mkdir -p "$scratch/report"
  rm -f "$scratch/report"/*
  read -ra figures < <("$bench/bench-report" "$scratch/report" 1000000 15)
  note "a report of 1 MB, ms" "${figures[0]}"
  note "a report of 1 MB, times its JSON parsed and serialised" "${figures[2]}"
}

measure_reads() {
  local target=$1 connections figures
  start_nginx "$(curl -s "http://127.0.0.1:$port$target" | wc -c)"
  for connections in 1 16 64; do
    read -ra figures < <("$bench/bench-http" "$connections" "$seconds" "127.0.0.1:$port" "$target" "127.0.0.1:$nginx_port" /)
    note "GET status at $connections, requests/s" "${figures[0]}"
    note "nginx, a static answer of that size, at $connections, requests/s" "${figures[1]}"
    note "GET status at $connections, % of nginx" "${figures[2]}"
    note "GET status at $connections, p99, µs" "${figures[3]}"
    note "GET status at $connections, p99, times nginx's" "${figures[5]}"
  done
}

measure_standalone() {
  measure_start
  measure_full_cache
  measure_introspections
  measure_patience
  measure_report
}
