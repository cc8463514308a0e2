# The standalone service on SQLite: start-up, memory, whole introspections, requests that only read.

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

# One service and one simulated Ironic, both new.
start_standalone() {
  local folder=$scratch/standalone begin
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
  start sim "$bin/ironic-sim" --port "$sim_port" --nodes "$nodes" --boot-time 0s --inspector "http://127.0.0.1:$port"
  wait_for 15 "the simulated Ironic" first_answer "$sim_port"
  begin=${EPOCHREALTIME/./}
  start inspector "$bin/ironic-inspector" --config-file "$folder/conf"
  until first_answer "$port"; do
    [ $((${EPOCHREALTIME/./} - begin)) -lt 15000000 ] || { echo "the service did not start; see $scratch" >&2; exit 1; }
  done
  note "standalone: start until the first answer, ms" $(((${EPOCHREALTIME/./} - begin) / 1000))
  note "standalone: resident after the start, MiB" "$(resident_mb "$pid_inspector")"
}

measure_reads() {
  local ours nginx connections target=/v1/introspection/$1
  start_nginx "$(curl -s "http://127.0.0.1:$port$target" | wc -c)"
  for connections in 1 16 64; do
    ours=$("$bench/bench-http" "127.0.0.1:$port" "$target" "$connections" "$seconds")
    nginx=$("$bench/bench-http" "127.0.0.1:$nginx_port" / "$connections" "$seconds")
    note "GET status at $connections, requests/s" "$ours"
    note "nginx, a static answer of that size, at $connections, requests/s" "$nginx"
    note "GET status at $connections, % of nginx" "$(ratio "$ours" "$nginx")"
  done
  stop_one nginx
}

measure_standalone() {
  local uuids
  start_standalone
  mapfile -t uuids < <(ironic="http://127.0.0.1:$sim_port" node_uuids)
  note "standalone, SQLite: whole introspections/s ($nodes nodes)" \
    "$(printf '%s\n' "${uuids[@]}" | "$bench/bench-introspection" 16 "127.0.0.1:$port")"
  note "standalone: resident after $nodes introspections, MiB" "$(resident_mb "$pid_inspector")"
  measure_reads "${uuids[0]}"
  stop_one inspector
  stop_one sim
}
