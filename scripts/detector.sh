#!/bin/sh
# make detector: ONNX Runtime for the detector, from npm, into a folder outside the sources. Nothing else needs it: without
# it the program builds, runs and passes its tests, and says "no detector". Called by hand; 270 MB travel, 80 MB stay.
#
# The library comes out of onnxruntime-node, which is unpacked, not installed: its install script would fetch CUDA files. The
# header, of com.github.asus4.onnxruntime, is only compared with src/link/onnx_slots.h (build/tests/onnx_header);
# the JavaScript around the library is the reference that tests/test_detect.py holds the detector against.
set -eu
cd "$(dirname "$0")/.."
version=1.30.0
home=${XDG_CACHE_HOME:-$HOME/.cache}/gongfu/onnxruntime-$version
runtime=onnxruntime-node-$version.tgz       runtime_sha=6e3390d6b783e7be946fad629292799da28d0b42f84856e50d2c1b0383291e75
common=onnxruntime-common-$version.tgz      common_sha=7906c439e0d3e0f4048caa23b64cdfadc0f455c377f579ce1ab2a4b778f07d5f
header=com.github.asus4.onnxruntime-0.4.9.tgz  header_sha=e59788788818fdde1b2e522e766a21ba0f7d8391de55737abf81e32cc801785d

case $(uname -m) in
x86_64) machine=x64 ;;
aarch64) machine=arm64 ;;
*) echo "本机型没有 ONNX Runtime。 There is no ONNX Runtime for $(uname -m) in npm: no detector here." >&2; exit 2 ;;
esac

if [ ! -e "$home/.done" ]; then
  command -v npm >/dev/null || { echo "需要 npm。 npm is missing: apt-get install npm" >&2; exit 2; }
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # npm names a packed file after its package and version.
  (cd "$work" && npm pack --silent --ignore-scripts "onnxruntime-node@$version" "onnxruntime-common@$version" com.github.asus4.onnxruntime@0.4.9) >/dev/null
  printf '%s  %s\n' "$runtime_sha" "$work/$runtime" "$common_sha" "$work/$common" "$header_sha" "$work/$header" | sha256sum --check --quiet ||
    { echo "下载的文件与记录的哈希不符。 What npm sent is not what was pinned: nothing is unpacked." >&2; exit 1; }
  mkdir -p "$home/include" "$home/node_modules/onnxruntime-node" "$home/node_modules/onnxruntime-common"
  tar xzf "$work/$runtime" -C "$home/node_modules/onnxruntime-node" --strip-components 1 --wildcards "package/dist/*" package/package.json "package/bin/napi-v6/linux/$machine/*"
  tar xzf "$work/$common" -C "$home/node_modules/onnxruntime-common" --strip-components 1
  tar xzf "$work/$header" -C "$work" package/LICENSE package/ThirdPartyNotices.txt --wildcards 'package/Plugins/iOS~/onnxruntime.xcframework/ios-arm64/onnxruntime.framework/Headers/*'
  cp "$work"/package/Plugins/iOS~/onnxruntime.xcframework/ios-arm64/onnxruntime.framework/Headers/*.h "$home/include/"
  cp "$work/package/LICENSE" "$work/package/ThirdPartyNotices.txt" "$home/"
  ln -sf "node_modules/onnxruntime-node/bin/napi-v6/linux/$machine/libonnxruntime.so.1" "$home/libonnxruntime.so.1"
  touch "$home/.done"
fi
for build in build build-asan; do
  [ ! -d "$build" ] || ln -sf "$home/libonnxruntime.so.1" "$build/libonnxruntime.so.1"
done
echo "$home/libonnxruntime.so.1"
