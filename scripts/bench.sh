#!/bin/sh
# make bench: every bench/*.py, its figures into docs/bench.md with the machine's description.
set -eu
cd "$(dirname "$0")/.."
sh scripts/packages.sh run
[ -d build ] || meson setup build >/dev/null
ninja -C build >/dev/null
out=$(mktemp)
{
  echo "# Measured"
  echo
  echo "By \`make bench\` at commit $(git rev-parse --short HEAD), $(date -u +%F): $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(free -g | awk '/^Mem/ {print $2}') GB. The machine is shared: read ratios and medians."
  for bench in bench/bench_*.py; do
    echo
    python3 "$bench" build/gongfu
  done
} >"$out"
mv "$out" docs/bench.md
cat docs/bench.md
