#!/usr/bin/env bash
# Builds the servlets of the tests; the bytes are committed, so that the tests need no compiler.
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")"
sources=src/test/servlets
modules=src/test/resources/servlets
out=$(cd ../resources/servlets && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# The checked-in modules are only reproduced byte for byte by exactly these packages of Debian 13.
packages="wabt=1.0.36+dfsg+~cs1.0.36-2
clang-19=1:19.1.7-3+b1
lld-19=1:19.1.7-3+b1
wasi-libc=0.0~git20241209.574b88d-2
libclang-rt-19-dev-wasm32=1:19.1.7-3
rustc=1.85.1+dfsg1-1+deb13u1
libstd-rust-dev-wasm32=1.85.1+dfsg1-1+deb13u1
golang-1.24-go=1.24.4-1"
for package in $packages; do
  found=$(dpkg-query -W -f '${Version}' "${package%%=*}" 2>/dev/null || echo none)
  if [ "$found" != "${package#*=}" ] && [ -z "${ANY_TOOLCHAIN:-}" ]; then
    echo "build.sh: $package is wanted, $found is here; run:" >&2
    echo "  apt-get install --no-install-recommends" ${packages//$'\n'/ } >&2
    echo "or set ANY_TOOLCHAIN=1 to build other bytes with what is here" >&2
    exit 1
  fi
done

if command -v wasm-opt > /dev/null; then
  echo "build.sh: clang makes other bytes by the wasm-opt of binaryen; run: apt-get remove binaryen" >&2
  exit 1
fi

wat() { # name, from standard input
  cat > "$scratch/$1.wat"
  wat2wasm --enable-tail-call --enable-multi-memory --enable-threads --enable-exceptions \
    --enable-relaxed-simd "$scratch/$1.wat" -o "$out/$1.wasm"
}

for file in wat/*.wat; do
  sed -e '/;; include servlet.inc/r wat/servlet.inc' "$file" | wat "$(basename "$file" .wat)"
done

# Bulk operations without a loop or a call between two of them.
{
  echo '(module (memory 900)'
  echo '(func (export "describe") (result i32) (i32.const 0)) (func (export "call") (result i32)'
  for _ in $(seq 2000); do echo '(memory.fill (i32.const 0) (i32.const 1) (i32.const 58982400))'; done
  echo '(i32.const 0)))'
} | wat fill_straight

# Each SIMD instruction, and what V8 computes by it.
node simd/instructions.mjs wat | wat simd_instructions
node simd/instructions.mjs results "$out/simd_instructions.wasm" > "$out/simd_instructions.txt"

# A function that no method of the JVM can hold, with a loop that does not end in it.
{
  echo '(module (memory 1)'
  echo '(func (export "describe") (result i32) (i32.const 0)) (func (export "call") (result i32)'
  for i in $(seq 9000); do echo "(i32.store (i32.const $i) (i32.add (i32.load (i32.const 4)) (i32.const $i)))"; done
  echo '(loop $again (br_if $again (i32.const 1))) (i32.const 0)))'
} | wat too_large

c() { # name of the module, arguments of the compiler
  clang-19 --target=wasm32-wasi -Os -Wall -fuse-ld="$(command -v wasm-ld-19)" -Wl,--strip-all \
    -o "$out/$1.wasm" "${@:2}"
}

c c_echo -mexec-model=reactor c/echo.c
c c_probe -mexec-model=reactor c/probe.c
c c_sha256 -O2 -mexec-model=reactor c/sha256.c
c c_simd -O3 -msimd128 -mexec-model=reactor c/sha256.c

# What clang makes of it when nobody asks for a reactor: a command, here without a main.
c c_command c/probe.c

# As compilers leave it when nobody asks them to strip: names of functions and notes for debuggers.
clang-19 --target=wasm32-wasi -Os -g -Wall -fuse-ld="$(command -v wasm-ld-19)" \
  -fdebug-prefix-map="$PWD=." -o "$out/c_unstripped.wasm" -mexec-model=reactor c/echo.c

# Debian has no TinyGo: these have its ways to start and its exports, and come from C.
tinygo=(-nostartfiles -Wl,--no-entry -Wl,--export=malloc -Wl,--export=free -Wl,--export=calloc
  -Wl,--export=realloc)
c tinygo_command "${tinygo[@]}" -DTINYGO_COMMAND c/probe.c
c tinygo_reactor "${tinygo[@]}" -DTINYGO_REACTOR c/probe.c

# Debian's own rustc: another one on the path would lack Debian's libraries for wasm.
/usr/bin/rustc -O --target wasm32-wasip1 --crate-type cdylib -C linker=wasm-ld-19 \
  -C strip=symbols rust/words.rs -o "$out/rust_words.wasm"

# With all notes for debuggers, which Debian's library brings along, it would have 4 MB.
/usr/bin/rustc -O --target wasm32-wasip1 --crate-type cdylib -C linker=wasm-ld-19 \
  -C strip=debuginfo rust/words.rs -o "$out/rust_unstripped.wasm"

go() { # arguments of go build, in the folder of the module
  (cd go && GOOS=wasip1 GOARCH=wasm GOTOOLCHAIN=local GOFLAGS=-buildvcs=false GOCACHE="$scratch/go" \
    /usr/lib/go-1.24/bin/go build -trimpath -ldflags='-s -w' "$@")
}

go -buildmode=c-shared -o "$out/go_probe.wasm" ./probe
go -o "$out/go_command.wasm" ./command

# The lock file holds the version of the compiler and the sums of its packages.
cp -r as "$scratch/as"
(cd "$scratch/as" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error &&
  node_modules/.bin/asc probe.ts --optimize --runtime incremental -o "$out/as_probe.wasm" &&
  node_modules/.bin/asc greet.ts -O3 --runtime minimal -o "$out/as_pdk.wasm")

chmod 644 "$out"/*.wasm
{
  (cd ../../.. && find "$sources" "$modules" -type f ! -name MANIFEST -exec sha256sum {} +) | sort -k 2
  echo "$packages" | sed 's/^/toolchain /; s/=/ /'
} > "$scratch/MANIFEST"
mv "$scratch/MANIFEST" "$out/MANIFEST"
