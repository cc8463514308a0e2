# What the figures are to be, and whether they are.

goals=()  # each: FIGURE|OPERATOR|LIMIT, with the row of note() as figure

# goal FIGURE OPERATOR LIMIT: its median is to be that, as `goal "start, ms" "<" 100`.
goal() { goals+=("$1|$2|$3"); }

# figure_of ROW: the median of its runs.
figure_of() {
  tr ' ' '\n' <<<"${values[$1]}" | grep . | sort -g | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'
}

print_goals() {
  local each row operator limit
  echo "| median of | goal | measured |"
  echo "|---|---:|---:|"
  for each in "${goals[@]}"; do
    IFS='|' read -r row operator limit <<<"$each"
    [ -n "${values[$row]:-}" ] || continue
    awk -v row="$row" -v is="$(figure_of "$row")" -v operator="$operator" -v limit="$limit" 'BEGIN {
      met = operator == "<" ? is < limit : operator == "≤" ? is <= limit : is >= limit
      printf "| %s | %s %s | %s%s |\n", row, operator, limit, is, met ? "" : " (missed)" }'
  done
}

# write_goals FILE: puts machine, table and goals into their place in docs/measured.md.
write_goals() {
  { print_machine; echo; print_table; echo; print_goals; } >"$scratch/goals.page"
  sed -i -e "/<!-- bench-goals begin -->/r $scratch/goals.page" \
    -e '/<!-- bench-goals begin -->/,/<!-- bench-goals end -->/{//!d}' "$1"
}
