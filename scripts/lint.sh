#!/bin/sh
# make lint: no warning on GCC and Clang, nothing from cppcheck and clang-tidy. The layout is only counted:
# clang-format knows no hand-set tables, and a table that reads well may stay as it is.
set -u
cd "$(dirname "$0")/.."
sh scripts/packages.sh dev || exit 2
failed=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

step() { # name, command...
  name=$1; shift
  if "$@" >"$out/log" 2>&1; then
    echo "ok   $name"
  else
    echo "FAIL $name"; grep -v 'warnings generated' "$out/log" | tail -n 40; failed=$((failed + 1))
  fi
}

warnings() { CC=$1 meson setup "$out/$1" --werror && ninja -C "$out/$1"; }

# What is left on is about mistakes; left off is what quarrels with the style (and with the C library's own names), and three that tell off what
# is meant: whole rows and columns of a grid, casts that printf wants, arrays of pointers.
tidy() {
  clang-tidy-14 -p "$out/clang-14" --quiet --warnings-as-errors='*' \
    --checks='-*,bugprone-*,-bugprone-easily-swappable-parameters,-bugprone-narrowing-conversions,-bugprone-assignment-in-if-condition,-bugprone-reserved-identifier,-bugprone-branch-clone,-bugprone-signed-char-misuse,-bugprone-implicit-widening-of-multiplication-result,-bugprone-integer-division,-bugprone-misplaced-widening-cast,-bugprone-sizeof-expression' \
    $(git ls-files 'src/*.c')
}

layout() {
  for file in $(git ls-files 'src/*.[ch]' 'tests/*.[ch]' 'fuzz/*.c'); do
    clang-format-14 --style=file "$file" | diff "$file" - | grep '^<' || true
  done | wc -l
}

step "gcc without a warning" warnings gcc
step "clang without a warning" warnings clang-14
step cppcheck cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --suppress=missingInclude --error-exitcode=1 --suppressions-list=scripts/cppcheck.txt -Isrc src
step clang-tidy tidy
echo "note clang-format would lay out $(layout) lines differently"
[ "$failed" -eq 0 ]
