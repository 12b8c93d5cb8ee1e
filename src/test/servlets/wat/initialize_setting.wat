;; Its _initialize reads a setting and keeps its length.
(module
  (import "extism:host/env" "config_get" (func $config (param i64) (result i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  ;; include servlet.inc
  (global $kept (mut i32) (i32.const 0))
  (data (i32.const 400) "answer")
  (func (export "_initialize")
    (global.set $kept
      (i32.wrap_i64 (call $length (call $config (call $block (i32.const 400) (i32.const 6)))))))
  (func (export "call") (result i32)
    (call $answer (global.get $kept))
    (i32.const 0))
)
