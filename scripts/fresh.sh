#!/bin/sh
# fresh.sh: what a newcomer gets. Two bare Debian 12 roots (debootstrap, as root): in one `make run` twice, in the other
# .ci/run with nothing installed. The working copy's last commit is cloned into them, the mirror is the host's own.
set -eu
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "fresh.sh 需要 root。 fresh.sh needs root." >&2; exit 2; }
sh scripts/packages.sh dev
sources=$(apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' | sort -u)
mirror=$(echo "$sources" | sed -n 's/^deb \([^ ]*\) bookworm main$/\1/p' | head -n 1)
[ -n "$mirror" ] || { echo "apt 中没有 bookworm。 apt knows no bookworm: run apt-get update on a Debian 12." >&2; exit 2; }

folder=$(mktemp -d)
chmod 755 "$folder"
trap 'rm -rf --one-file-system "$folder"' EXIT
echo "debootstrap ..."
debootstrap --variant=minbase bookworm "$folder/bare" "$mirror" >"$folder/debootstrap.log" 2>&1 || { tail -n 20 "$folder/debootstrap.log" >&2; exit 1; }
echo "$sources" >"$folder/bare/etc/apt/sources.list"
cp /etc/resolv.conf /etc/hosts "$folder/bare/etc/"
# The host may stand behind a registry mirror with a certificate of its own: the roots trust what it trusts.
cp /etc/ssl/certs/ca-certificates.crt "$folder/bare/etc/host-certificates.crt"
registry=$(npm config get registry)
git clone --quiet --no-local . "$folder/bare/home/gongfu"

# Run a script inside a copy of the bare root. Mounts and processes live in namespaces of their own and end with it.
inside() { # name, script
  cp -a "$folder/bare" "$folder/$1"
  unshare --mount --pid --fork --kill-child sh -eu -c '
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    exec chroot "$1" /usr/bin/env CI=true HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
      NODE_EXTRA_CA_CERTS=/etc/host-certificates.crt npm_config_cafile=/etc/host-certificates.crt npm_config_registry="$3" \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh -eu -c "cd /home/gongfu; $2"' inside "$folder/$1" "$2" "$registry" </dev/null
  rm -rf --one-file-system "$folder/$1"
}

echo "== without root, nothing installed: stops with the line to run"
inside nobody 'code=0; setpriv --reuid=65534 --regid=65534 --clear-groups sh scripts/packages.sh run || code=$?; [ $code = 2 ]'

echo "== make run, twice"
inside run '
  apt-get -q update >/dev/null; apt-get -q install -y --no-install-recommends make >/dev/null 2>&1
  for turn in first second; do
    begun=$(date +%s%N)
    PORT=18431 make run >/tmp/run.log 2>&1 & child=$!
    until python3 -c "import urllib.request as u; u.urlopen(\"http://127.0.0.1:18431/healthz\")" 2>/dev/null; do
      kill -0 $child 2>/dev/null || { cat /tmp/run.log; exit 1; }
      sleep 0.05
    done
    echo "$turn make run answers after $((($(date +%s%N) - begun) / 1000000)) ms"
    kill $child; wait $child || true  # make hands the signal to the server
  done'

echo "== .ci/run with nothing installed"
inside test '.ci/run'
