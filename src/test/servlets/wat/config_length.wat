;; Answers 100 where the setting has a block, and the length of that.
(module
  (import "extism:host/env" "config_get" (func $config (param i64) (result i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  ;; include servlet.inc
  (data (i32.const 4096) "answer")
  (func (export "call") (result i32)
    (local $value i64)
    (local.set $value (call $config (call $block (i32.const 4096) (i32.const 6))))
    (call $answer
      (i32.add
        (select (i32.const 0) (i32.const 100) (i64.eqz (local.get $value)))
        (i32.wrap_i64 (call $length (local.get $value)))))
    (i32.const 0))
)
