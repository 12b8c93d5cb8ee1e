;; Yields and looks at the clock for ever.
(module
  (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (loop $again
      (drop (call $yield))
      (br_if $again (i32.eqz (call $time (i32.const 1) (i64.const 0) (i32.const 4096)))))
    (i32.const 0))
)
