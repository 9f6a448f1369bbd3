#!/bin/sh
# packages.sh run|test|dev: install what is missing of a tier and the tiers below it. Asks nothing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
case "${1:-run}" in
run) tiers="run" ;;
test) tiers="run test" ;;
dev) tiers="run test dev" ;;
*) echo "packages.sh run|test|dev" >&2; exit 2 ;;
esac
[ "$(cat /etc/debian_version 2>/dev/null || true)" ] || { echo "本脚本只认识 Debian;请按 scripts/packages.txt 自行安装。 This script knows Debian only: install scripts/packages.txt yourself." >&2; exit 2; }

missing=""
for tier in $tiers; do
  for name in $(sed -n "s/^$tier //p" "$here/packages.txt"); do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null || true)" = installed ] && continue
    # Node.js from elsewhere brings its own npm, and Debian's package would throw it out.
    case $name in nodejs | npm) command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 && continue ;; esac
    missing="$missing $name"
  done
done
[ -z "$missing" ] && exit 0

line="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then
  as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  as_root="sudo -n env DEBIAN_FRONTEND=noninteractive"  # sudo drops the environment
  echo "sudo $line"
else
  echo "缺少软件包,需要管理员权限。请运行:" >&2
  echo "Packages are missing and this needs root. Run:" >&2
  echo "  sudo $line" >&2
  exit 2
fi
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# shellcheck disable=SC2086
apt() { $as_root apt-get -q -o DPkg::Lock::Timeout=300 "$@" </dev/null >"$log" 2>&1; }
lists=$(find /var/lib/apt/lists -maxdepth 1 -name '*Packages*' -mtime -1 2>/dev/null | head -n 1 || true)
[ -n "$lists" ] || apt update || true  # without a network the packages may still lie in the cache
# shellcheck disable=SC2086
apt install -y --no-install-recommends $missing || { apt update && apt install -y --no-install-recommends $missing; } || {
  tail -n 20 "$log" >&2
  echo "安装失败,见 $log。 Installing failed: see $log" >&2
  exit 1
}
rm -f "$log"
