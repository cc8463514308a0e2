# What it costs that nothing accepted is lost, and what it carries: the price of journal and fence,
# ten thousand nodes that wait, a thousand reports at once.

price_turns=12  # of a quarter of --nodes each

# uuids_of FROM STEP COUNT: of ironic-sim's machines; those with an even number have a port.
uuids_of() { seq "$1" "$2" $(($1 + $2 * ($3 - 1))) | xargs printf '5a1a0000-0000-4000-8000-%012x\n'; }

# One service, `${programs}ironic-inspector`, and one simulated Ironic with sim_nodes machines, all new.
start_standalone() {
  local folder=$scratch/standalone
  rm -rf "$folder"
  mkdir -p "$folder"
  port=$(free_port) sim_port=$(free_port)
  apis_at=("127.0.0.1:$port")
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
  start_sim
  start inspector "${programs}ironic-inspector" --config-file "$folder/conf"
  wait_for 15 "the service" first_answer "$port"
}

stop_standalone() {
  stop_one inspector
  stop_one sim
}

# price KIND: introspections/s with journal and fence and without. Both forms stand side by side and
# take turns, so that a machine whose speed changes is the same for both; who is first changes too.
# Nodes with a port, because for them both forms make the same transactions up to the reboot.
price() {
  local kind=$1 top=$scratch before=${#pids[@]} share=$((nodes / 4)) turn form forms
  local -A apis_of=() seconds_of=([with]=0 [without]=0)
  sim_nodes=$((2 * share * (price_turns + 1))) sim_reports=yes
  chmod 711 "$top"
  for form in with without; do
    programs=$bin/
    [ $form = with ] || programs=$bench/unjournalled-
    scratch=$top/$kind-$form
    rm -rf "$scratch"
    mkdir "$scratch"
    "start_$kind"
    apis_of[$form]="${apis_at[*]}"
  done
  scratch=$top programs=$bin/
  for turn in $(seq 0 "$price_turns"); do
    forms=(with without)
    [ $(((turn + run) % 2)) -eq 1 ] || forms=(without with)
    for form in "${forms[@]}"; do take_turn "$form"; done
  done
  stop_behind "$before"
  note_price "$kind"
}

# take_turn FORM: a share of the nodes; the first, turn 0, fills caches and does not count.
take_turn() {
  local rate apis
  read -ra apis <<<"${apis_of[$1]}"
  rate=$(uuids_of $((2 * turn * share)) 2 "$share" | "$bench/bench-introspection" finished 16 "${apis[@]}")
  [ "$turn" -eq 0 ] || seconds_of[$1]=$(awk -v t="${seconds_of[$1]}" -v n="$share" -v r="$rate" 'BEGIN {print t + n / r}')
}

# stop_behind COUNT: all that were started since there were so many, the last first.
stop_behind() {
  local i
  for ((i = ${#pids[@]} - 1; i >= $1; i--)); do stop_pid "${pids[$i]}"; done
  pids=("${pids[@]:0:$1}")
}

note_price() {
  local count=$((share * price_turns)) form
  for form in with without; do
    note "$1: introspections/s ${form/%with/with journal and fence}" \
      "$(awk -v n=$count -v t="${seconds_of[$form]}" 'BEGIN {printf "%.1f", n / t}')"
  done
  note "$1: journal and fence cost, % (goal: 10)" \
    "$(awk -v a="${seconds_of[with]}" -v b="${seconds_of[without]}" 'BEGIN {printf "%.1f", 100 * (1 - b / a)}')"
}

threads_of() { awk '/^Threads/ {print $2}' "/proc/$1/status"; }

# waiting KIND PROCESS: its memory and threads with 10,000 nodes that wait.
waiting() {
  local kind=$1 name=pid_${2//-/_}
  sim_nodes=10000 sim_reports=
  "start_$kind"
  note "$kind: $2, MiB before" "$(resident_mb "${!name}")"
  uuids_of 0 1 10000 | "$bench/bench-introspection" waiting 16 "${apis_at[@]}" >/dev/null
  sleep 15  # threads that have nothing to do end after ten seconds
  note "$kind: $2, MiB while 10,000 nodes wait (goal: 100)" "$(resident_mb "${!name}")"
  note "$kind: $2, threads while 10,000 nodes wait" "$(threads_of "${!name}")"
  "stop_$kind"
}

# reports KIND SECONDS: a thousand of waiting nodes, evenly over so long.
reports() {
  local kind=$1 span=$2 accepted again lost seconds
  sim_nodes=1000 sim_reports=
  "start_$kind"
  uuids_of 0 1 1000 | "$bench/bench-introspection" waiting 16 "${apis_at[@]}" >/dev/null
  read -r accepted again lost seconds < <("$bench/bench-arrivals" 1000 "$span" "${apis_at[0]}")
  note "$kind: 1,000 reports within $span s: accepted" "$accepted"
  note "$kind: 1,000 reports within $span s: posted again after a 503" "$again"
  note "$kind: 1,000 reports within $span s: refused for good (goal: 0)" "$lost"
  note "$kind: 1,000 reports within $span s: until the last was answered, s" "$seconds"
  wait_for 60 "the end of all" all_finished 1000
  "stop_$kind"
}

# all_finished COUNT: so many nodes are, by the first API's list.
all_finished() {
  [ "$(curl -sf "http://${apis_at[0]}/v1/introspection?limit=1000&state=finished" | jq '.introspection | length')" -eq "$1" ]
}

measure_durability() {
  local kind
  for kind in standalone cluster; do
    price $kind
    reports $kind 10
    reports $kind 1
  done
  [ "$run" -eq 1 ] || return 0
  waiting standalone inspector
  waiting cluster conductor-1
}

print_durability() {
  print_machine
  echo
  print_table
}

# write_durability FILE: puts the table into its place in docs/measured.md.
write_durability() {
  print_durability >"$scratch/durability.page"
  sed -i -e "/<!-- bench-durability begins -->/r $scratch/durability.page" \
    -e '/<!-- bench-durability begins -->/,/<!-- bench-durability ends -->/{//!d}' "$1"
}
