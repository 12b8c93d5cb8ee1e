;; Grows its memory to 40 MiB, logs a line, and keeps the memory without end.
(module
  (import "extism:host/env" "log_info" (func $log (param i64)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (if (i32.eq (memory.grow (i32.const 639)) (i32.const -1)) (then unreachable))
    (call $log (call $block (i32.const 0) (i32.const 62)))
    (loop $again (br $again))
    (i32.const 0))
)
