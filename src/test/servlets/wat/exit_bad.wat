;; Exits with 3.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (call $exit (i32.const 3))
    unreachable)
)
