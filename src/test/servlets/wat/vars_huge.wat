;; Keeps a variable of twenty million bytes.
(module
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (call $var_set (call $block (i32.const 0) (i32.const 8)) (call $alloc (i64.const 20000000)))
    (call $answer (i32.const 0))
    (i32.const 0))
)
