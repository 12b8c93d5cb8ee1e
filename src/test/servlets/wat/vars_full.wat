;; Keeps more and more variables.
(module
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (local $n i32)
    (loop $again
      (i32.store (i32.const 2048) (i32.or (local.get $n) (i32.const 0x01010101)))
      (i32.store (i32.const 2052) (local.get $n))
      (call $var_set (call $block (i32.const 2048) (i32.const 8)) (call $block (i32.const 0) (i32.const 60)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br $again))
    (i32.const 0))
)
