;; Answers with the setting named tool, as it is.
(module
  (import "extism:host/env" "config_get" (func $config (param i64) (result i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  ;; include servlet.inc
  (data (i32.const 4096) "answer")
  (func (export "call") (result i32)
    (local $value i64)
    (local.set $value (call $config (call $block (i32.const 4096) (i32.const 6))))
    (call $output (local.get $value) (call $length (local.get $value)))
    (i32.const 0))
)
