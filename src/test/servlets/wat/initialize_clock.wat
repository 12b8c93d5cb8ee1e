;; Its _initialize reads the monotonic clock; it answers how many microseconds ago.
(module
  (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
  ;; include servlet.inc
  (func (export "_initialize")
    (drop (call $time (i32.const 1) (i64.const 1) (i32.const 512))))
  (func (export "call") (result i32)
    (drop (call $time (i32.const 1) (i64.const 1) (i32.const 520)))
    (call $answer
      (i32.wrap_i64
        (i64.div_u
          (i64.sub (i64.load (i32.const 520)) (i64.load (i32.const 512)))
          (i64.const 1000))))
    (i32.const 0))
)
