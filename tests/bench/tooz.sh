# Locks and groups on every backend. Servers flush to the disk, as they do unless told otherwise.

measure_tooz() {
  TOOZ_FLUSHING=1 "$bench/bench-tooz" >"$scratch/tooz.md" || echo "not all could be measured" >&2
}

print_tooz() {
  echo "* $(date -u +%Y-%m-%d), commit $(git rev-parse --short HEAD), $(nproc) cores, load of the machine (1 minute) $load_before before, $(load_now) after"
  echo
  cat "$scratch/tooz.md"
}

# write_tooz FILE: puts the tables into its place in docs/measured.md.
write_tooz() {
  print_tooz >"$scratch/tooz.page"
  sed -i -e "/<!-- bench-tooz begins -->/r $scratch/tooz.page" \
    -e '/<!-- bench-tooz begins -->/,/<!-- bench-tooz ends -->/{//!d}' "$1"
}
