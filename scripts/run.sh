#!/bin/sh
# make run: packages, program, data once, then serve. A second call finds everything done and serves at once.
set -eu
cd "$(dirname "$0")/.."
db=var/gongfu.db
port=${PORT:-8080}
newest=$(find meson.build src sql ui tools scripts/packages.txt data -type f -newer build/.made 2>/dev/null | head -n 1 || true)
if [ ! -x build/gongfu ] || [ ! -e build/.made ] || [ -n "$newest" ]; then
  sh scripts/packages.sh run
  [ -d build ] || meson setup build >/dev/null
  ninja -C build gongfu >build-log.txt 2>&1 || { cat build-log.txt; exit 1; }
  mv build-log.txt build/log.txt
  mkdir -p var
  for folder in data/calendar data/taishun data/demo; do
    ./build/gongfu load "$folder" --db "sqlite:$db" | tail -n 1
  done
  touch build/.made
fi
while :; do
  python3 -c "import socket,sys; s=socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(('127.0.0.1', int(sys.argv[1])))" "$port" 2>/dev/null && break
  echo "端口 $port 已被占用,改用下一个。 Port $port is taken, trying the next."
  port=$((port + 1))
done
echo "数据 data: $(pwd)/$db   停止 stop: Ctrl-C"
exec ./build/gongfu serve --db "sqlite:$db" --listen "127.0.0.1:$port"
