# Locks on etcd that nobody else wants, beside the two transactions that each of them costs.

measure_locks() {
  local threads locks pairs
  etcd_port=$(free_port)
  rm -rf "$scratch/etcd"
  start_etcd
  for threads in 1 16; do
    locks=$("$bench/bench-locks" lock "etcd3://127.0.0.1:$etcd_port" $threads "$seconds")
    pairs=$("$bench/bench-locks" pair "etcd3://127.0.0.1:$etcd_port" $threads "$seconds")
    note "etcd, $threads thread(s): locks taken and given back, cycles/s" "$locks"
    note "etcd, $threads thread(s): the two transactions alone, pairs/s" "$pairs"
    note "etcd, $threads thread(s): locks, % of the bare pairs" "$(ratio "$locks" "$pairs")"
  done
  stop_one etcd
}
