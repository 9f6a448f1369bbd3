#!/bin/sh
# make bench: every bench/bench_*.py on the release build. Each prints Markdown; docs/bench.md keeps it with the machine's
# description. A bench gets the program as its first argument; one that fails is shown, and fails the command.
set -u
cd "$(dirname "$0")/.."
sh scripts/packages.sh run || exit 2
[ -f build/build.ninja ] || meson setup build >/dev/null || exit 1
ninja -C build >/dev/null || exit 1
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0
for bench in bench/bench_*.py; do
  { echo; python3 "$bench" build/gongfu; echo $? >"$out/code"; } 2>&1 | tee -a "$out/log"
  [ "$(cat "$out/code")" = 0 ] || failed=$((failed + 1))
done
commit=$(git rev-parse --short HEAD 2>/dev/null || echo "no commit")
[ -z "$(git status --porcelain --untracked-files=no 2>/dev/null)" ] || commit="$commit and changes not committed"
{
  echo "# Measured"
  echo
  echo "Made by \`make bench\` on $(date -u +%F) at commit $commit."
  echo "Machine: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores," \
    "$(awk '/MemTotal/ { printf "%.1f GiB", $2 / 1048576 }' /proc/meminfo), $(uname -sr), Debian $(cat /etc/debian_version), $(gcc --version | head -n 1)."
  cat "$out/log"
} >docs/bench.md
[ "$failed" -eq 0 ]
