#!/bin/sh
# make proof: every suite with its full counts; the last result stands in docs/proof.md.
set -u
cd "$(dirname "$0")/.."
GONGFU_PROOF=1
export GONGFU_PROOF
out=$(mktemp)
sh scripts/test.sh >"$out" 2>&1
code=$?
{
  echo "# Proof"
  echo
  echo "Made by \`make proof\` at commit $(git rev-parse --short HEAD) on $(date -u +%F)."
  echo
  echo '```'
  cat "$out"
  echo '```'
} >docs/proof.md
cat "$out"
rm -f "$out"
exit $code
