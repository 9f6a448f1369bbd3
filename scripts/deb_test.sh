#!/bin/sh
# deb_test.sh: the package in bare Debian 12 roots (debootstrap, as root), without any network: installed from the offline kit, run as its own user,
# upgraded over books that are kept, removed, purged.
set -eu
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "deb_test.sh 需要 root。 deb_test.sh needs root." >&2; exit 2; }
sh scripts/packages.sh dev
sources=$(apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' | sort -u)
mirror=$(echo "$sources" | sed -n 's/^deb \([^ ]*\) bookworm main$/\1/p' | head -n 1)
folder=$(mktemp -d)
chmod 755 "$folder"
trap 'rm -rf --one-file-system "$folder"' EXIT
sh scripts/kit.sh "$folder/kit.tar"
newer=$(GONGFU_DEB_VERSION=99.0 sh scripts/deb.sh "$folder/newer")
echo "debootstrap ..."
debootstrap --variant=minbase bookworm "$folder/root" "$mirror" >"$folder/log" 2>&1 || { tail -n 20 "$folder/log" >&2; exit 1; }
tar -C "$folder/root/srv" -xf "$folder/kit.tar"
cp "$newer" "$folder/root/srv/newer.deb"
cat >"$folder/root/srv/try.sh" <<'T'
set -eu
say() { echo "ok   $1"; }
run() { setpriv --reuid gongfu --regid gongfu --clear-groups env GONGFU_DB=sqlite:/var/lib/gongfu/gongfu.db GONGFU_KEY_FILE=/var/lib/gongfu/master.key "$@"; }
/srv/kit/install.sh >/tmp/install.log 2>&1 || { tail -n 20 /tmp/install.log; exit 1; }
say "installed from the kit, without a network"
run gongfu upgrade
run gongfu load /usr/share/gongfu/taishun /usr/share/gongfu/calendar >/dev/null
before=$(run gongfu check --json | sed 's/.*"head_hash":"\([0-9a-f]*\)".*/\1/')
run sh -c 'gongfu serve --listen 127.0.0.1:18080 >/tmp/serve.out & echo $! >/tmp/serve.pid'
sleep 1
grep -q '^http://127.0.0.1:18080/' /tmp/serve.out && say "serves as its own user"
kill "$(cat /tmp/serve.pid)"
[ "$(stat -c '%U %a' /var/lib/gongfu)" = "gongfu 750" ] && say "its folder is its own"
echo "# mine" >>/etc/default/gongfu
dpkg -i --force-confold /srv/newer.deb >/dev/null 2>&1
run gongfu upgrade >/dev/null
[ "$(run gongfu check --json | sed 's/.*"head_hash":"\([0-9a-f]*\)".*/\1/')" = "$before" ] && say "upgraded: the books are what they were"
grep -q '# mine' /etc/default/gongfu && say "and so are the settings"
dpkg -r gongfu >/dev/null 2>&1
[ ! -e /usr/bin/gongfu ] && [ -e /var/lib/gongfu/gongfu.db ] && say "removed: the program is gone, the books stay"
dpkg -P gongfu >/dev/null 2>&1
left=$(find / -xdev -path /srv -prune -o -path /proc -prune -o -path /tmp -prune -o -path /var/lib/gongfu -prune -o -name '*gongfu*' -print)
[ -z "$left" ] && say "purged: nothing else is left" || { echo "left: $left"; exit 1; }
T
unshare --mount --pid --net --fork --kill-child sh -eu -c 'mount -t proc proc "$1/proc"; mount --rbind /dev "$1/dev"; ip link set lo up 2>/dev/null || true
  exec chroot "$1" /usr/bin/env LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin sh /srv/try.sh' inside "$folder/root" </dev/null
echo "deb_test: all well"
