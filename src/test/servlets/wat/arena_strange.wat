;; Frees and measures what is no block, then answers.
(module
  (import "extism:host/env" "free" (func $free (param i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (local $a i64)
    (local.set $a (call $alloc (i64.const 10)))
    (call $free (local.get $a)) (call $free (local.get $a))
    (call $free (i64.const 3)) (call $free (i64.const -1)) (call $free (i64.const 9223372036854775807))
    (call $answer (i32.wrap_i64 (i64.add
      (call $length (local.get $a))
      (i64.add (call $length (i64.const -5)) (call $length (i64.const 17))))))
    (i32.const 0))
)
