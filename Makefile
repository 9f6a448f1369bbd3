# A thin door: the build is Meson's, each target is a script.
.PHONY: all run test proof bench lint fuzz deb kit clean doctor detector help
all: ; @sh scripts/packages.sh run && { [ -d build ] || meson setup build; } && ninja -C build
run: ; @sh scripts/run.sh
test: ; @sh scripts/test.sh
proof: ; @sh scripts/proof.sh
bench: ; @sh scripts/bench.sh
lint: ; @sh scripts/lint.sh
fuzz: ; @GONGFU_PROOF=1 sh fuzz/run.sh
deb: ; @sh scripts/deb.sh
kit: ; @sh scripts/kit.sh
detector: ; @sh scripts/detector.sh
doctor: all ; @./build/gongfu doctor
clean: ; @rm -rf build build-asan build-fuzz
help: ; @grep -E '^[a-z]+:' Makefile | cut -d: -f1
