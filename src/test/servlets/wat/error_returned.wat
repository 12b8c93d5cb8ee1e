;; Answers, but with an error that it has set, and the code 0.
(module
  (import "extism:host/env" "error_set" (func $error (param i64)))
  ;; include servlet.inc
  (data (i32.const 4096) "the moon is full")
  (func (export "call") (result i32)
    (call $error (call $block (i32.const 4096) (i32.const 16)))
    (call $answer (i32.const 1))
    (i32.const 0))
)
