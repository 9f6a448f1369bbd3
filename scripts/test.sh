#!/bin/sh
# make test: packages, both builds, every suite. Each suite prints its own last line "N passed, N failed, N skipped".
set -u
cd "$(dirname "$0")/.."
sh scripts/packages.sh test || exit 2
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
passed=0 failed=0 skipped=0

build() { # folder, options...
  folder=$1; shift
  [ -f "$folder/build.ninja" ] || meson setup "$folder" "$@" >"$log/build" 2>&1 || no_build
  ninja -C "$folder" >"$log/build" 2>&1 || no_build
}

no_build() { tail -n 40 "$log/build"; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

suite() { # name, seconds, command...
  name=$1 seconds=$2; shift 2
  [ -z "${GONGFU_PROOF:-}" ] || seconds=$((seconds * 20))  # full counts: ten minutes a fuzzer
  begun=$(date +%s)
  timeout -k 10 "$seconds" "$@" </dev/null >"$log/out" 2>&1
  code=$?
  [ "$code" -ne 124 ] || echo "$name: stopped after $seconds s"
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$log/out" | tail -n 1)
  grep '^SKIP ' "$log/out"
  if [ -z "$line" ]; then
    line="0 passed, 1 failed, 0 skipped"
    tail -n 30 "$log/out"
  elif [ "$code" -ne 0 ]; then
    grep -vE '^(ok|SKIP) ' "$log/out" | tail -n 40
  fi
  set -- $line
  [ "$code" -ne 0 ] && [ "$3" = 0 ] && line="$1 passed, 1 failed, ${5:-0} skipped"
  set -- $line
  # A suite in which nothing ran proves nothing.
  [ "$1$3${5:-0}" = 000 ] && line="0 passed, 1 failed, 0 skipped"
  set -- $line
  passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + ${5:-0}))
  printf '%-24s %s (%ss)\n' "$name" "$line" "$(($(date +%s) - begun))"
}

sh scripts/ui.sh test >"$log/build" 2>&1 || no_build
sh scripts/oracle.sh >"$log/build" 2>&1 || no_build
build build
build build-asan -Db_sanitize=address,undefined -Db_lundef=false --buildtype=debugoptimized
export LSAN_OPTIONS="suppressions=$PWD/tests/lsan.txt:print_suppressions=0" ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
for program in build-asan/tests/test_*; do
  case $program in *.p) continue ;; esac
  suite "$(basename "$program")" 300 python3 tests/cmocka_lines.py "$program"
done
suite ledger_random 600 python3 tests/cmocka_lines.py build/tests/test_ledger_random
suite press_tokens 120 python3 tests/press_tokens.py build-asan/gongfu
suite press_mutations 300 python3 tests/press_mutations.py build/gongfu
suite facts_placed 60 python3 tests/test_facts_placed.py build/gongfu
suite demo 60 python3 tests/test_demo.py build/gongfu
suite books 300 python3 tests/test_books.py build-asan/gongfu
suite recompute 300 python3 tests/recompute_all.py build/gongfu
suite tamper 300 python3 tests/tamper.py build/gongfu
suite check_beside 300 python3 tests/check_beside.py build/gongfu
suite ledger_random 200 python3 tests/ledger_random.py build/gongfu
suite iati_rules 60 python3 tests/iati_cases.py
suite documents 300 python3 tests/test_documents.py build-asan/gongfu
suite import 200 python3 tests/test_import.py build-asan/gongfu
suite serve 240 python3 tests/test_serve.py build-asan/gongfu
# The same promises on PostgreSQL, on a server of its own.
pg="python3 tests/pg_server.py"
suite pg_store 120 $pg python3 tests/cmocka_lines.py build-asan/tests/test_store
suite pg_ledger 120 $pg python3 tests/cmocka_lines.py build/tests/test_ledger
suite pg_stores 200 $pg python3 tests/test_stores.py build/gongfu
suite pg_serve 240 $pg python3 tests/test_serve.py build/gongfu
suite pg_failover 120 python3 tests/pg_failover.py build/gongfu
suite crash 300 python3 tests/test_crash.py build/gongfu build/tests/gongfu_powercut
suite upgrade 200 python3 tests/test_upgrade.py build/gongfu build/tests/gongfu_powercut
suite pg_upgrade 120 $pg python3 tests/test_pg_upgrade.py build/gongfu
suite backup 120 python3 tests/test_backup.py build/gongfu
suite pg_backup 120 $pg python3 tests/test_backup.py build/gongfu
suite archive 120 python3 tests/test_archive.py build-asan/gongfu
suite pg_archive 120 $pg python3 tests/test_archive.py build/gongfu
suite two_servers 150 python3 tests/test_two_servers.py build/gongfu
suite pg_two_servers 150 $pg python3 tests/test_two_servers.py build/gongfu
suite operation 90 python3 tests/test_operation.py build/gongfu
suite pg_operation 90 $pg python3 tests/test_operation.py build/gongfu
suite attack 200 python3 tests/test_attack.py build/gongfu
suite province 120 python3 tests/test_province.py build/gongfu
suite pg_province 300 $pg python3 tests/test_province.py build/gongfu
suite people 120 python3 tests/test_people.py build/gongfu
suite pg_people 120 $pg python3 tests/test_people.py build/gongfu
if [ -n "${GONGFU_PROOF:-}" ]; then
  suite pg_demo 120 $pg python3 tests/test_demo.py build/gongfu
  suite pg_documents 300 $pg python3 tests/test_documents.py build/gongfu
  suite pg_check_beside 300 $pg python3 tests/check_beside.py build/gongfu
  suite pg_books_random 300 $pg python3 tests/ledger_random.py build/gongfu
  suite pg_press_tokens 120 $pg python3 tests/press_tokens.py build/gongfu
  suite pg_press_mutations 300 $pg python3 tests/press_mutations.py build/gongfu
  suite pg_attack 200 $pg python3 tests/test_attack.py build/gongfu
  suite pg_registers 120 $pg python3 tests/cmocka_lines.py build/tests/test_registers
  suite pg_ledger_random 600 env -u GONGFU_PROOF $pg python3 tests/cmocka_lines.py build/tests/test_ledger_random
  suite pg_books 300 $pg python3 tests/test_books.py build-asan/gongfu
  suite pg_import 200 $pg python3 tests/test_import.py build-asan/gongfu
  suite pg_recompute 300 $pg python3 tests/recompute_all.py build/gongfu
  suite pg_plant 300 $pg python3 tests/test_plant.py build/gongfu
  suite pg_water_pages 200 $pg python3 tests/test_water_pages.py build/gongfu
  suite pg_access 300 $pg python3 tests/test_access.py build/gongfu
  suite pg_land 200 $pg python3 tests/test_land.py build/gongfu
  suite pg_pages 240 $pg python3 tests/test_pages.py build/gongfu
  suite pg_openapi 300 $pg python3 tests/test_openapi.py build-asan/gongfu
fi
suite access 300 python3 tests/test_access.py build/gongfu
suite land 200 python3 tests/test_land.py build/gongfu
suite water_pages 200 python3 tests/test_water_pages.py build/gongfu
suite plant 300 python3 tests/test_plant.py build-asan/gongfu
suite openapi 300 python3 tests/test_openapi.py build-asan/gongfu
suite pages 240 python3 tests/test_pages.py build/gongfu
suite office_static 120 node ui/tests/static.mjs
suite office 600 node ui/tests/e2e/all.mjs build/gongfu
if [ -n "${GONGFU_PROOF:-}" ]; then
  suite pg_office 900 $pg node ui/tests/e2e/all.mjs build/gongfu
else
  suite pg_office 300 $pg node ui/tests/e2e/all.mjs build/gongfu writes,conflict,reveal,search,documents,book
fi
suite terrain 300 python3 tests/test_terrain.py build-asan/gongfu
suite towers 300 python3 tests/test_towers.py build-asan/gongfu
suite village 120 python3 tests/test_village.py build/gongfu
suite watch_places 200 python3 tests/test_watch_places.py build-asan/gongfu
suite preset 200 python3 tests/test_preset.py build/gongfu
suite terrain_table 60 build/tests/terrain_table tests/terrain/lines.csv
suite water 120 python3 tests/test_water.py build/gongfu build/tests/water_table
suite solar 300 python3 tests/test_solar.py build/gongfu
suite solar_table 60 build/tests/solar_table tests/solar/*.csv
suite camera 240 python3 tests/test_camera.py build-asan
suite detect 120 python3 tests/test_detect.py build-asan
suite watch 300 python3 tests/test_watch.py build/gongfu build/tests/watch_score build/tests/watch_week
suite fuzz 900 sh fuzz/run.sh
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
