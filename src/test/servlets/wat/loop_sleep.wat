;; Sleeps for no time at all, for ever.
(module
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (i32.store (i32.const 2064) (i32.const 1))
    (loop $again
      (br_if $again (i32.eqz (call $poll (i32.const 2048) (i32.const 3072) (i32.const 1) (i32.const 4096)))))
    (i32.const 0))
)
