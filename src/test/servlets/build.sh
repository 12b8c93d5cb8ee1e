#!/usr/bin/env bash
# Builds the servlets of the tests; the bytes are committed, so that the tests need no compiler.
# Debian: apt-get install wabt clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32 rustc libstd-rust-dev-wasm32
set -euo pipefail
cd "$(dirname "$0")"
out=../resources/servlets
mkdir -p "$out"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

wat() { # name, from standard input
  cat > "$scratch/$1.wat"
  wat2wasm --enable-tail-call --enable-multi-memory --enable-threads --enable-exceptions \
    "$scratch/$1.wat" -o "$out/$1.wasm"
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

# A function that no method of the JVM can hold, with a loop that does not end in it.
{
  echo '(module (memory 1)'
  echo '(func (export "describe") (result i32) (i32.const 0)) (func (export "call") (result i32)'
  for i in $(seq 9000); do echo "(i32.store (i32.const $i) (i32.add (i32.load (i32.const 4)) (i32.const $i)))"; done
  echo '(loop $again (br_if $again (i32.const 1))) (i32.const 0)))'
} | wat too_large

clang-19 --target=wasm32-wasi -Os -mexec-model=reactor -fuse-ld="$(command -v wasm-ld-19)" \
  -Wl,--strip-all c/echo.c -o "$out/c_echo.wasm"

# Debian's own rustc: another one on the path would lack Debian's libraries for wasm.
/usr/bin/rustc -O --target wasm32-wasip1 --crate-type cdylib -C linker=wasm-ld-19 \
  -C strip=symbols rust/words.rs -o "$out/rust_words.wasm"

chmod 644 "$out"/*.wasm
