;; Logs a line of twenty million bytes, and then one of none.
(module
  (import "extism:host/env" "log_info" (func $log (param i64)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (call $log (call $alloc (i64.const 20000000)))
    (call $log (call $block (i32.const 0) (i32.const 5)))
    unreachable)
)
