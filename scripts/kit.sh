#!/bin/sh
# kit.sh [OUT]: build/kit.tar, the package with everything that a bare Debian 12 lacks for it: unpack on a machine without a network and run
# ./install.sh. As root, with apt's sources at hand: what is needed is asked of an empty system, not of this one.
set -eu
cd "$(dirname "$0")/.."
out=${1:-build/kit.tar}
deb=$(sh scripts/deb.sh)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/kit" "$folder/apt/lists/partial" "$folder/apt/archives/partial"
: >"$folder/apt/status"
cp "$deb" "$folder/kit/"
set -- -o Dir::State="$folder/apt" -o Dir::State::status="$folder/apt/status" -o Dir::Cache="$folder/apt" -o APT::Sandbox::User=root -o Debug::NoLocking=1 -o APT::Install-Recommends=false
apt-get "$@" update >/dev/null
apt-get "$@" --download-only -y install "./$deb" >"$folder/log" 2>&1 || { tail -n 20 "$folder/log" >&2; exit 1; }
cp "$folder"/apt/archives/*.deb "$folder/kit/"
cat >"$folder/kit/install.sh" <<'I'
#!/bin/sh
# Only what this machine lacks, or has older, is taken out of the kit; nothing is asked of a network.
set -eu
cd "$(dirname "$0")"
[ "$(id -u)" = 0 ] || { echo "请用 root 运行。 Run it as root." >&2; exit 2; }
wanted=''
for deb in *.deb; do
  name=$(dpkg-deb -f "$deb" Package) version=$(dpkg-deb -f "$deb" Version)
  has=$(dpkg-query -W -f '${Version}' "$name" 2>/dev/null || true)
  [ -n "$has" ] && dpkg --compare-versions "$has" ge "$version" || wanted="$wanted ./$deb"
done
[ -z "$wanted" ] || DEBIAN_FRONTEND=noninteractive dpkg -i $wanted || DEBIAN_FRONTEND=noninteractive dpkg --configure -a
I
chmod 755 "$folder/kit/install.sh"
(cd "$folder/kit" && sha256sum *.deb >SHA256SUMS)
mkdir -p "$(dirname "$out")"
tar -C "$folder" -cf "$out" kit
echo "$out: $(ls "$folder"/kit/*.deb | wc -l) packages, $(du -m "$out" | cut -f1) MB"
