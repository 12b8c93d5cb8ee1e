;; Reads its input to the end and a byte beyond it.
(module
  (import "extism:host/env" "input_length" (func $length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $load (param i64) (result i32)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (call $answer (call $load (call $length)))
    (i32.const 0))
)
