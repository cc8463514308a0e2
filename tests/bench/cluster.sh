# The split: two APIs, two conductors, etcd and PostgreSQL. Both servers flush to disk as they do
# by default. The simulated machines post to the first API.

start_cluster() {
  local i api
  sim_port=$(free_port) etcd_port=$(free_port) pg_port=$(free_port)
  rm -rf "$scratch/etcd" "$scratch/postgresql"
  start_etcd
  start_postgresql
  api_ports=("$(free_port)" "$(free_port)")
  apis_at=("127.0.0.1:${api_ports[0]}" "127.0.0.1:${api_ports[1]}")
  start_sim
  for i in 1 2; do
    write_service_config "$scratch/conductor-$i.conf"
    cat >>"$scratch/conductor-$i.conf" <<CONF
[DEFAULT]
standalone = False
host = conductor-$i
[coordination]
backend_url = etcd3://127.0.0.1:$etcd_port
[json_rpc]
host_ip = 127.0.0.1
port = $(free_port)
auth_strategy = noauth
[database]
connection = postgresql://inspector@127.0.0.1:$pg_port/inspector
CONF
  done
  "$bin/ironic-inspector-dbsync" --config-file "$scratch/conductor-1.conf" upgrade 2>"$scratch/dbsync.log"
  for i in 1 2; do
    start "conductor-$i" "${programs}ironic-inspector-conductor" --config-file "$scratch/conductor-$i.conf"
    start "api-$i" "$bin/ironic-inspector-api-wsgi" --host 127.0.0.1 --port "${api_ports[$((i - 1))]}" -- \
      --config-file "$scratch/conductor-$i.conf"
  done
  for api in "${api_ports[@]}"; do wait_for 20 "an API" first_answer "$api"; done
  wait_for 20 "two conductors" two_members
}

two_members() {
  [ "$("$bin/toozctl" --backend "etcd3://127.0.0.1:$etcd_port" members ironic_inspector.service_group | wc -l)" -eq 2 ]
}

stop_cluster() {
  local name
  for name in api-1 api-2 conductor-1 conductor-2 sim postgresql etcd; do stop_one $name; done
}

measure_cluster() {
  local uuids
  sim_nodes=$nodes sim_reports=yes
  start_cluster
  mapfile -t uuids < <(ironic="http://127.0.0.1:$sim_port" node_uuids)
  note "split over 2 APIs and 2 conductors, PostgreSQL, etcd: whole introspections/s ($nodes nodes)" \
    "$(printf '%s\n' "${uuids[@]}" | "$bench/bench-introspection" finished 16 "127.0.0.1:${api_ports[0]}" "127.0.0.1:${api_ports[1]}")"
  stop_cluster
}
