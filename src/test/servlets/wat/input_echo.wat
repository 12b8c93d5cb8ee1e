;; Logs its input by bytes and by eights, and answers with its length.
(module
  (import "extism:host/env" "input_length" (func $length (result i64)))
  (import "extism:host/env" "input_load_u8" (func $load (param i64) (result i32)))
  (import "extism:host/env" "input_load_u64" (func $load8 (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store8 (param i64 i64)))
  (import "extism:host/env" "log_error" (func $log (param i64)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (local $i i64) (local $copy i64)
    (local.set $copy (call $alloc (call $length)))
    (block $done
      (loop $next
        (br_if $done (i64.ge_u (local.get $i) (call $length)))
        (if (i64.le_u (i64.add (local.get $i) (i64.const 8)) (call $length))
          (then
            (call $store8 (i64.add (local.get $copy) (local.get $i)) (call $load8 (local.get $i)))
            (local.set $i (i64.add (local.get $i) (i64.const 8))))
          (else
            (call $store (i64.add (local.get $copy) (local.get $i)) (call $load (local.get $i)))
            (local.set $i (i64.add (local.get $i) (i64.const 1)))))
        (br $next)))
    (call $log (local.get $copy))
    (call $answer (i32.wrap_i64 (call $length)))
    (i32.const 0))
)
