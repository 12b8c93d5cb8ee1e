;; A command: its _start is a whole program, which a call must not run.
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  ;; include servlet.inc
  (global $ready (mut i32) (i32.const 4))
  (func (export "_start") (global.set $ready (i32.const 9)) (call $exit (i32.const 5)))
  (func (export "call") (result i32)
    (call $answer (global.get $ready))
    (i32.const 0))
)
