;; Asks for sixty million random bytes, again and again.
(module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (drop (memory.grow (i32.const 900)))
    (loop $again (drop (call $random (i32.const 4096) (i32.const 58000000))) (br $again))
    (i32.const 0))
)
