#!/bin/sh
# make proof: every suite with its full counts; the last result stands in docs/proof.md.
set -u
cd "$(dirname "$0")/.."
GONGFU_PROOF=1
export GONGFU_PROOF
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
commit=$(git rev-parse --short HEAD 2>/dev/null || echo "no commit")
[ -z "$(git status --porcelain --untracked-files=no 2>/dev/null)" ] || commit="$commit and changes not committed"
begun=$(date +%s)
{ sh scripts/test.sh; echo $? >"$out/code"; } 2>&1 | tee "$out/log"
code=$(cat "$out/code")
{
  echo "# Proof"
  echo
  echo "Made by \`make proof\` on $(date -u +%F) at commit $commit, in $(($(date +%s) - begun)) seconds."
  echo "$(nproc) cores, $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), Debian $(cat /etc/debian_version)."
  echo "The commands are the \`suite\` lines of \`scripts/test.sh\`, run with \`GONGFU_PROOF=1\`."
  echo
  echo '```'
  cat "$out/log"
  echo '```'
} >docs/proof.md
exit "$code"
