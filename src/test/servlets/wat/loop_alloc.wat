;; Takes and gives back a block for ever.
(module
  (import "extism:host/env" "free" (func $free (param i64)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (loop $again (call $free (call $alloc (i64.const 100))) (br $again))
    (i32.const 0))
)
