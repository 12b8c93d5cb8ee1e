;; Answers 0 where the variable was not set before, and sets it.
(module
  (import "extism:host/env" "var_get" (func $var_get (param i64) (result i64)))
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (call $answer (i32.wrap_i64 (call $var_get (call $block (i32.const 0) (i32.const 4)))))
    (call $var_set (call $block (i32.const 0) (i32.const 4)) (call $block (i32.const 0) (i32.const 4)))
    (if (i64.eqz (call $var_get (call $block (i32.const 0) (i32.const 4)))) (then unreachable))
    (i32.const 0))
)
