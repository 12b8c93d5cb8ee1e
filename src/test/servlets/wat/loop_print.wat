;; Prints a long line for ever.
(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (i32.store (i32.const 4100) (i32.const 60000))
    (loop $again
      (drop (call $write (i32.const 2) (i32.const 4096) (i32.const 1) (i32.const 4104)))
      (br $again))
    (i32.const 0))
)
