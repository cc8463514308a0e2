# ./demo: one process does it all.

port=$(free_port) sim_port=$(free_port)
apis=("http://127.0.0.1:$port") ironic="http://127.0.0.1:$sim_port"
cat >"$scratch/inspector.conf" <<CONF
[DEFAULT]
standalone = True
auth_strategy = noauth
listen_address = 127.0.0.1
listen_port = $port
transport_url = fake://
# Seconds between two power-ons: 5 unless set; a demo need not wait.
introspection_delay = 0
[ironic]
auth_type = none
endpoint_override = $ironic
[database]
connection = sqlite:///$scratch/inspector.sqlite
[processing]
store_data = database
[pxe_filter]
driver = noop
CONF
echo "Short delays are set for the demo: introspection_delay = 0 s (default 5), machines boot in 3 s"

start sim "$bin/ironic-sim" --port "$sim_port" --nodes "$nodes" --boot-time 3s --inspector "${apis[0]}"
"$bin/ironic-inspector-dbsync" --config-file "$scratch/inspector.conf" upgrade 2>"$scratch/dbsync.log"
start inspector "$bin/ironic-inspector" --config-file "$scratch/inspector.conf"
wait_for 15 "the simulated Ironic" curl -sf "$ironic/v1/"
wait_for 15 "the inspector" curl -sf "${apis[0]}/"

mapfile -t uuids < <(node_uuids)
echo "Ironic has ${#uuids[@]} nodes; starting the introspection of each"
start_introspections "${uuids[@]}"
show_until_done 120

one=${uuids[0]}
echo
echo "What the inspector made of node $one in Ironic:"
curl -sf "$ironic/v1/nodes/$one" | jq '{uuid, name, properties, power_state}'
curl -sf "$ironic/v1/ports/detail?node=$one" | jq '.ports[] | {address, pxe_enabled, local_link_connection}'
failed=$(states | awk '$2 != "finished"')
[ -z "$failed" ] || { echo "These did not finish:"; echo "$failed"; exit 1; }
cat <<TRY

Try next (with ./demo --keep):
  curl ${apis[0]}/v1/introspection/$one
  curl ${apis[0]}/v1/introspection/$one/data | jq .inventory.cpu
  curl -X POST ${apis[0]}/v1/introspection/$one
  curl -X POST ${apis[0]}/v1/introspection/$one/abort
  curl "${apis[0]}/v1/introspection?limit=3&state=finished"
TRY
finished=yes
