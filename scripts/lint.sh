#!/bin/sh
# make lint: no warning on GCC and Clang, and what cppcheck and clang-tidy say.
set -eu
cd "$(dirname "$0")/.."
sh scripts/packages.sh dev
for compiler in gcc clang-14; do
  rm -rf "build-lint-$compiler"
  CC=$compiler meson setup "build-lint-$compiler" --werror >/dev/null
  ninja -C "build-lint-$compiler" | tail -n 1
  rm -rf "build-lint-$compiler"
done
cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --suppress=missingInclude -Isrc src
