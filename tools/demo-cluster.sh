# ./demo --cluster: API and conductor processes, etcd, PostgreSQL; one conductor dies on the way.

sim_port=$(free_port) etcd_port=$(free_port) pg_port=$(free_port)
api_ports=("$(free_port)" "$(free_port)") rpc_ports=("$(free_port)" "$(free_port)" "$(free_port)")
apis=("http://127.0.0.1:${api_ports[0]}" "http://127.0.0.1:${api_ports[1]}")
ironic="http://127.0.0.1:$sim_port" backend="etcd3://127.0.0.1:$etcd_port"

write_config() {  # write_config FILE HOST RPC-PORT
  cat >"$1" <<CONF
[DEFAULT]
standalone = False
host = $2
auth_strategy = noauth
# Seconds between two power-ons of a conductor: 5 unless set; a demo need not wait.
introspection_delay = 0
clean_up_period = 5
[coordination]
backend_url = $backend
[json_rpc]
host_ip = 127.0.0.1
port = $3
auth_strategy = noauth
[ironic]
auth_type = none
endpoint_override = $ironic
[database]
connection = postgresql://inspector@127.0.0.1:$pg_port/inspector
[processing]
store_data = database
[pxe_filter]
driver = noop
CONF
}

members() { "$bin/toozctl" --backend "$backend" members ironic_inspector.service_group; }
members_are() { [ "$(members 2>/dev/null | wc -l)" -eq "$1" ]; }
# The conductor whose log names the node last.
worked_on_by() {
  grep -H "$1" "$scratch"/conductor-*.log 2>/dev/null | sed 's/^[^:]*\/\(conductor-[0-9]\)\.log:/\1 /' |
    sort -k2,3 | tail -n 1 | cut -d' ' -f1
}
# Called at each look: kills the second conductor once a third of all machines wait or are done. True
# when it did.
victim_killed=
on_look=kill_in_the_middle
kill_in_the_middle() {
  [ -z "$victim_killed" ] || return 1
  [ "$(echo "$1" | grep -c ' waiting \| finished ')" -ge $((nodes / 3)) ] || return 1
  victim_killed=yes
  kill -9 "$pid_conductor_2"
  wait "$pid_conductor_2" 2>/dev/null || true
  pids=("${pids[@]/$pid_conductor_2/}")
  pids=(${pids[@]})
  echo "--- conductor-2 (pid $pid_conductor_2) was killed with SIGKILL; more nodes are started now"
  start_introspections "${uuids[@]:$((nodes / 2))}"
}

echo "Short delays are set for the demo: introspection_delay = 0 s (default 5), clean_up_period = 5 s (default 60), machines boot in 6 s"
start_etcd
start_postgresql -F  # a demo need not survive the loss of power
# Half of the machines post to each API.
start sim "$bin/ironic-sim" --port "$sim_port" --nodes "$nodes" --boot-time 6s --inspector "${apis[0]}"
wait_for 15 "the simulated Ironic" curl -sf "$ironic/v1/"

write_config "$scratch/conductor-1.conf" conductor-1 "${rpc_ports[0]}"
"$bin/ironic-inspector-dbsync" --config-file "$scratch/conductor-1.conf" upgrade 2>"$scratch/dbsync.log"
for i in 1 2 3; do
  write_config "$scratch/conductor-$i.conf" "conductor-$i" "${rpc_ports[$((i - 1))]}"
  start "conductor-$i" "$bin/ironic-inspector-conductor" --config-file "$scratch/conductor-$i.conf"
done
for i in 1 2; do
  write_config "$scratch/api-$i.conf" "api-$i" 8099
  start "api-$i" "$bin/ironic-inspector-api-wsgi" --host 127.0.0.1 --port "${api_ports[$((i - 1))]}" -- \
    --config-file "$scratch/api-$i.conf"
done
for api in "${apis[@]}"; do wait_for 20 "the API at $api" curl -sf "$api/"; done
wait_for 20 "three conductors" members_are 3
echo "Members of ironic_inspector.service_group:"
members | sed 's/^/  /'

mapfile -t uuids < <(node_uuids)
echo "Ironic has ${#uuids[@]} nodes; starting the first half"
start_introspections "${uuids[@]:0:$((nodes / 2))}"
show_until_done 180 worked_on_by

wait_for 15 "the end of the killed conductor's lease" members_are 2
echo "Members, now that the lease of the killed conductor is over:"
members | sed 's/^/  /'
one=${uuids[0]}
echo "What the inspector made of node $one in Ironic:"
curl -sf "$ironic/v1/nodes/$one" | jq '{uuid, name, properties, power_state}'
failed=$(states | awk '$2 != "finished"')
if [ -n "$failed" ]; then
  echo "These nodes were being worked on inside the conductor that was killed, and ended as error with its reason:"
  echo "$failed"
fi
echo "$(states | awk '$2 == "finished"' | wc -l) of $nodes nodes finished"
[ -n "$victim_killed" ] || { echo "no conductor was killed: the nodes were done too soon" >&2; exit 1; }
finished=yes
