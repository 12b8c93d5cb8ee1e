;; Leaves as much as it can behind: bytes in the arena, in memory, and a variable.
(module
  (import "extism:host/env" "var_set" (func $var_set (param i64 i64)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (local $block i64) (local $i i32)
    (drop (memory.grow (i32.const 3)))
    (memory.fill (i32.const 4096) (i32.const 83) (i32.const 258048))
    (local.set $block (call $block (i32.const 4096) (i32.const 120000)))
    (call $var_set (call $block (i32.const 0) (i32.const 4)) (local.get $block))
    (call $answer (i32.const 83))
    (i32.const 0))
)
