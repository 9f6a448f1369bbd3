#!/bin/sh
# ui.sh [test]: build the office interface into ui/dist when a source is newer; "test" installs the test tools too.
# Asks nothing, and asks npm nothing when node_modules already holds what the lock names.
set -eu
cd "$(dirname "$0")/../ui"
tier=${1:-run}
node_least=18

fresh() { [ -e dist/index.html ] && [ -z "$(find src scripts ../data/*/map package.json package-lock.json vite.config.ts -newer dist/index.html -print -quit)" ]; }
installed() { # the stamp names the lock and how much of it stands there
  lock=$(sha256sum package-lock.json)
  stamp=$(cat node_modules/.gongfu 2>/dev/null || true)
  [ "$stamp" = "test $lock" ] || [ "$stamp" = "$1 $lock" ]
}

fresh && { [ "$tier" = run ] || installed test; } && exit 0
command -v node >/dev/null && command -v npm >/dev/null || {
  echo "构建办公界面需要 Node.js $node_least 和 npm:apt-get install nodejs npm" >&2
  echo "The office interface is built with Node.js $node_least and npm, and they are missing: apt-get install nodejs npm" >&2
  exit 2
}
node -e "process.exit(parseInt(process.versions.node) >= $node_least ? 0 : 1)" || {
  echo "Node.js 版本太旧,需要 $node_least 以上。 This Node.js is too old: the office interface needs $node_least or newer." >&2
  exit 2
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
quietly() { "$@" >"$log" 2>&1 || { tail -n 40 "$log" >&2; exit 1; }; }

if ! installed "$tier"; then
  omit=--omit=dev
  [ "$tier" = run ] || omit=--include=dev
  echo "npm ci: ui/node_modules ..."
  quietly npm ci "$omit" --no-audit --no-fund
  echo "$tier $(sha256sum package-lock.json)" >node_modules/.gongfu
fi
fresh || { echo "vite build: ui/dist ..."; quietly npm run build; }
