#!/bin/sh
# Builds the bundled servlets; `build.sh test` runs their tests instead, and `build.sh zones` packs
# the time zones of this system anew.
set -eu
export LC_ALL=C

# The checked-in modules are only reproduced byte for byte by exactly these.
rust_version=1.85.1
lld_version=19.1.7

# Not whatever comes first on the PATH: a rustup shim there has neither this version nor this target.
rustc=${RUSTC:-/usr/bin/rustc}
linker=${WASM_LD:-wasm-ld-19}
target=wasm32-unknown-unknown
packages="apt-get install --no-install-recommends rustc libstd-rust-dev-wasm32 lld-19"

# The JumpThreading of this rustc miscompiles a bool that is cast to a number, and silently. Only
# a bootstrap compiler takes the -Z option that turns it off, so it has to pass for one.
export RUSTC_BOOTSTRAP=1
sound="-Z mir-enable-passes=-JumpThreading"

# Relative paths, because the compiler writes those it is given into the module.
cd "$(dirname "$0")/../../.."
sources=src/main/servlets
modules=src/main/resources/servlets

fail() {
    echo "build.sh: $*" >&2
    exit 1
}

command -v "$rustc" >/dev/null || fail "$rustc is missing; on Debian 13 run: $packages"

servlets=
for library in "$sources"/*/lib.rs; do
    servlet=$(basename "$(dirname "$library")")
    servlets="$servlets $servlet"
done

if [ "${1:-}" = test ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    for servlet in $servlets; do
        # shellcheck disable=SC2086
        "$rustc" --edition 2021 --test -C opt-level=s $sound -o "$work/$servlet" "$sources/$servlet/lib.rs"
        "$work/$servlet" --quiet
    done
    exit
fi
if [ "${1:-}" = zones ]; then
    [ -f /usr/share/zoneinfo/US/Eastern ] || fail "zones are missing; run: apt-get install tzdata tzdata-legacy"
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    # shellcheck disable=SC2086
    "$rustc" --edition 2021 -O $sound -o "$work/generate" "$sources/time/generate.rs"
    "$work/generate" /usr/share/zoneinfo "$sources/time/zones.bin"
    exit
fi
[ $# -eq 0 ] || fail "usage: build.sh [test | zones]"

command -v "$linker" >/dev/null || fail "$linker is missing; on Debian 13 run: $packages"
[ -d "$("$rustc" --print sysroot)/lib/rustlib/$target/lib" ] ||
    fail "the standard library for $target is missing; on Debian 13 run: $packages"
rust_found=$("$rustc" --version | cut -d ' ' -f 2)
lld_found=$("$linker" --version | sed 's/.*LLD \([0-9.]*\).*/\1/')
echo "rustc $rust_found, lld $lld_found, $target"
if [ "$rust_found $lld_found" != "$rust_version $lld_version" ] && [ -z "${ANY_TOOLCHAIN:-}" ]; then
    fail "rustc $rust_version and lld $lld_version are wanted; set ANY_TOOLCHAIN=1 to build other bytes with these"
fi

mkdir -p "$modules"
for servlet in $servlets; do
    # shellcheck disable=SC2086
    "$rustc" --edition 2021 $sound --crate-name "$servlet" --crate-type cdylib --target "$target" \
        -C opt-level=s -C lto=fat -C codegen-units=1 -C panic=abort -C strip=symbols \
        -C linker="$linker" -C linker-flavor=wasm-ld -C link-arg=-zstack-size=262144 \
        --remap-path-prefix "$PWD=." \
        -o "$modules/$servlet.wasm" "$sources/$servlet/lib.rs"
    echo "$modules/$servlet.wasm: $(wc -c <"$modules/$servlet.wasm") bytes"
done

# SIMD instructions, which the host copies into modules one by one: merged functions would call
# each other.
mkdir -p "$modules/simd"
# shellcheck disable=SC2086
"$rustc" --edition 2021 $sound -Z merge-functions=disabled --crate-name lanes --crate-type cdylib \
    --target "$target" -C target-feature=+nontrapping-fptoint,+sign-ext \
    -C opt-level=3 -C lto=fat -C codegen-units=1 -C panic=abort -C strip=symbols \
    -C linker="$linker" -C linker-flavor=wasm-ld -C link-arg=-zstack-size=0 \
    --remap-path-prefix "$PWD=." \
    -o "$modules/simd/lanes.wasm" "$sources/simd/lanes.rs"

{
    for file in "$sources"/build.sh "$sources"/*/*.rs "$sources"/*/*.bin "$sources"/examples/*.c \
        "$sources"/examples/*/*.rs "$modules"/*.wasm "$modules"/*/*.wasm; do
        sha256sum "$file"
    done | sort -k 2
    echo "toolchain lld $lld_found"
    echo "toolchain rustc $rust_found"
    echo "toolchain target $target"
} >"$modules/MANIFEST.new"
mv "$modules/MANIFEST.new" "$modules/MANIFEST"
