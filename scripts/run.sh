#!/bin/sh
# make run: packages, program, data once, then serve. A second call finds everything done and serves at once:
# the stamp is newer than every source, so that neither dpkg, meson nor ninja is asked.
set -eu
cd "$(dirname "$0")/.."
db=var/gongfu.db
port=${PORT:-8080}
port_last=$((port + 50))

made() {
  [ -x build/gongfu ] && [ -e "$db" ] && [ -e build/.made ] && [ -e build/accounts.txt ] || return 1
  # Folders are compared too: a file that was taken away changes only its folder.
  [ -z "$(find meson.build src sql ui/meson.build ui/public.css ui/icon.svg ui/src ui/package.json ui/package-lock.json ui/vite.config.ts tools data scripts/packages.txt -newer build/.made -print -quit)" ]
}

quietly() { # log, command...: its output is shown only when it fails
  log=$1; shift
  "$@" >"$log" 2>&1 || { code=$?; cat "$log" >&2; exit "$code"; }
}

make_all() {
  sh scripts/packages.sh run
  mkdir -p build var
  touch build/.begun  # what is edited while we build is newer than this, and built by the next call
  sh scripts/ui.sh
  [ -f build/build.ninja ] || quietly build/log.txt meson setup build
  quietly build/log.txt ninja -C build program
  for folder in data/calendar data/taishun data/terrain data/demo; do
    quietly build/load.txt ./build/gongfu load "$folder" --db "sqlite:$db"
    echo "$folder: $(tail -n 1 build/load.txt)"
  done
  quietly build/load.txt ./build/gongfu land sights --db "sqlite:$db"
  tail -n 1 build/load.txt
  quietly build/load.txt ./build/gongfu plant run --db "sqlite:$db"
  tail -n 1 build/load.txt
  ./build/gongfu demo accounts --db "sqlite:$db" >build/accounts.txt
  mv build/.begun build/.made
}

free() {
  python3 -c "import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('127.0.0.1', int(sys.argv[1])))" "$1" 2>/dev/null
}

made || make_all
until free "$port"; do
  echo "端口 $port 已被占用,改用下一个。 Port $port is taken, trying the next."
  port=$((port + 1))
  [ "$port" -le "$port_last" ] || { echo "没有空闲端口,请用 PORT=端口 make run。 No port is free: PORT=NUMBER make run" >&2; exit 7; }
done
echo "办公界面 office: http://127.0.0.1:$port/app/   公开页面 public: http://127.0.0.1:$port/"
echo "演示账号 demo accounts (name, password, role):"
cat build/accounts.txt
echo "数据 data: $(pwd)/$db   停止 stop: Ctrl-C"
exec ./build/gongfu serve --demo --db "sqlite:$db" --listen "127.0.0.1:$port"
