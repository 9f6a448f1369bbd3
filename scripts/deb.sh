#!/bin/sh
# deb.sh [OUT]: build/deb/gongfu_VERSION_ARCH.deb. What it depends on is read off the built program.
set -eu
cd "$(dirname "$0")/.."
sh scripts/packages.sh run >&2
[ -d build ] || meson setup build >&2
sh scripts/ui.sh run >&2
ninja -C build program >&2
out=${1:-build/deb}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
version=${GONGFU_DEB_VERSION:-$(sed -n "s/^project('gongfu', 'c', version: '\([^']*\)'.*/\1/p" meson.build)}
arch=$(dpkg --print-architecture)
tree=$root/gongfu

install -D -m 755 -s build/gongfu "$tree/usr/bin/gongfu"
[ ! -f build/gongfu-camera.so ] || install -D -m 644 -s build/gongfu-camera.so "$tree/usr/lib/gongfu/gongfu-camera.so"
install -D -m 644 packaging/gongfu.service "$tree/lib/systemd/system/gongfu.service"
install -D -m 644 packaging/gongfu.default "$tree/etc/default/gongfu"
for file in README.md README.zh-CN.md NOTICE docs/licences.md docs/operation.md docs/manual.zh-CN.md; do
  install -D -m 644 "$file" "$tree/usr/share/doc/gongfu/$(basename "$file")"
done
install -D -m 644 LICENSE "$tree/usr/share/doc/gongfu/copyright"
gzip -9n "$tree/usr/share/doc/gongfu/README.md" "$tree/usr/share/doc/gongfu/README.zh-CN.md"
install -d "$tree/usr/share/gongfu"
cp -R data/taishun data/calendar data/demo "$tree/usr/share/gongfu/"

install -d "$tree/DEBIAN" "$root/debian"
: >"$root/debian/control"
needs() { (cd "$root" && dpkg-shlibdeps -O --ignore-missing-info "$@" 2>/dev/null | sed -n 's/^shlibs:Depends=//p'); }
depends=$(needs gongfu/usr/bin/gongfu)
camera=''
[ ! -f "$tree/usr/lib/gongfu/gongfu-camera.so" ] || camera=$(needs gongfu/usr/lib/gongfu/gongfu-camera.so)
cat >"$tree/DEBIAN/control" <<C
Package: gongfu
Version: $version
Architecture: $arch
Maintainer: gongfu <gongfu@localhost>
Installed-Size: $(du -sk "$tree" | cut -f1)
Depends: adduser, $depends, fonts-noto-cjk | fonts-wqy-zenhei
Suggests: $camera, postgresql
Section: misc
Priority: optional
Description: the program that a rural paired-assistance group runs on
 People, money, projects, farmland, water and sun of a paired-assistance group in
 one program: every figure opens to its proof, money is conserved from promise to
 yield. The camera module needs FFmpeg's libraries, which are only suggested.
C
echo /etc/default/gongfu >"$tree/DEBIAN/conffiles"
for script in postinst prerm postrm; do install -m 755 "packaging/$script" "$tree/DEBIAN/$script"; done
mkdir -p "$out"
dpkg-deb --root-owner-group --build "$tree" "$out/gongfu_${version}_$arch.deb" >&2
echo "$out/gongfu_${version}_$arch.deb"
