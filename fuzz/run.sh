#!/bin/sh
# Each fuzzer for a short while (ten minutes with GONGFU_PROOF=1), from its seeds. Ends with the counted line.
set -u
cd "$(dirname "$0")/.."
seconds=12 seed=1  # a test gives the same answer tomorrow; the proof looks elsewhere each time
[ -z "${GONGFU_PROOF:-}" ] || { seconds=600; seed=0; }
clang=$(command -v clang-14 || command -v clang || true)
[ -n "$clang" ] || { echo "SKIP fuzz: no clang"; echo "0 passed, 0 failed, 1 skipped"; exit 0; }
mkdir -p build-fuzz
rm -f build-fuzz/*.answer
flags="-std=c17 -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -D_POSIX_C_SOURCE=200809L -DGONGFU_VERSION=\"fuzz\" -Isrc"

# Build one fuzzer and run it, leaving its answer in build-fuzz/NAME.answer.
fuzz() { # name, sources and libraries
  name=$1; shift
  work=$(mktemp -d)
  answer="FAIL $name"
  # shellcheck disable=SC2086
  if $clang $flags fuzz/fuzz_"$name".c "$@" -o build-fuzz/fuzz_"$name" >build-fuzz/"$name".log 2>&1 &&
    build-fuzz/fuzz_"$name" -max_total_time=$seconds -seed=$seed -timeout=20 -rss_limit_mb=3000 -max_len=4096 -artifact_prefix=build-fuzz/"$name"- "$work" fuzz/corpus/"$name" >build-fuzz/"$name".log 2>&1; then
    answer="ok   $name: $(grep -oE 'Done [0-9]+ runs' build-fuzz/"$name".log) in $seconds s"
  fi
  echo "$answer" >build-fuzz/"$name".answer
  rm -rf "$work"
}

base=$(ls src/base/*.c)
# shellcheck disable=SC2086
fuzz csv src/file/csv.c $base -lcrypto &
# shellcheck disable=SC2086
fuzz numbers $(ls src/figure/*.c) $base -lcrypto &
wait  # two at a time: two cores
# shellcheck disable=SC2086
fuzz dates $base -lcrypto &
# shellcheck disable=SC2086
fuzz query src/http/route.c $base -lcrypto &
wait
# shellcheck disable=SC2086
fuzz json src/api/check.c src/http/form.c src/http/route.c fuzz/no_server.c src/app/register_table.c $(ls src/figure/*.c) $base -ljansson -lcrypto &
# shellcheck disable=SC2086
fuzz cookie src/http/route.c $base -lcrypto &
wait
# Of the handlers only the addresses are taken.
# shellcheck disable=SC2086
fuzz routes src/api/routes.c src/http/route.c $base -Wl,--unresolved-symbols=ignore-all -lcrypto &
# shellcheck disable=SC2086
fuzz sheet src/file/csv.c src/file/number_cell.c src/file/sheet.c src/file/xlsx.c $base -lzip -lexpat -lcrypto &
wait
# shellcheck disable=SC2086
fuzz form src/http/form.c $base -lcrypto &
# shellcheck disable=SC2086
fuzz layer $(ls src/file/layer*.c) $base -ljansson -lsqlite3 -lzip -lcrypto -lm &
wait
# shellcheck disable=SC2086
fuzz dem src/file/dem*.c src/file/tiff_memory.c $base -ltiff -lzip -lcrypto -lm &
wait
# shellcheck disable=SC2086
fuzz outline src/file/shape_text.c $base -lcrypto -lm &
# shellcheck disable=SC2086
fuzz inp $(ls src/water/inp_*.c) src/water/units.c $base -lcrypto -lm &
wait
# shellcheck disable=SC2086
fuzz water_problem src/app/water_brief.c $(ls src/water/*.c) $base -ljansson -lClp -lCoinUtils -lcrypto -lpthread -lm &
# shellcheck disable=SC2086
fuzz water_solve $(ls src/water/*.c) $base -lClp -lCoinUtils -lcrypto -lpthread -lm &
wait
# shellcheck disable=SC2086
fuzz solar src/app/solar_plant.c src/app/solar_columns.c src/app/solar_series.c src/app/solar_times.c src/file/csv.c $(ls src/solar/*.c) $base -ljansson -lcrypto -lm &
village="village village_read village_size village_tables village_trench village_works village_zone"
# shellcheck disable=SC2086
fuzz picture src/file/picture*.c $base -ljpeg -lpng -lcrypto -lm &
wait
# shellcheck disable=SC2086
fuzz detect src/app/detector.c $(ls src/vision/detect_*.c) $base -ljansson -lcrypto -lm &
# shellcheck disable=SC2086
fuzz village $(printf 'src/app/%s.c ' $village) src/file/csv.c $(ls src/water/*.c src/terrain/*.c src/geo/*.c) $base -ljansson -lproj -lClp -lCoinUtils -lcrypto -lpthread -lm &
wait
# shellcheck disable=SC2086
fuzz archive src/store/archive_read.c $base -lcrypto
names="csv numbers dates query json cookie routes sheet form layer dem outline inp water_problem water_solve solar picture village detect archive"
for name in $names; do
  cat build-fuzz/"$name".answer
  grep -q '^ok' build-fuzz/"$name".answer || tail -n 12 build-fuzz/"$name".log
done
failed=$(cat build-fuzz/*.answer | grep -c '^FAIL' || true)
echo "$(($(echo "$names" | wc -w) - failed)) passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
