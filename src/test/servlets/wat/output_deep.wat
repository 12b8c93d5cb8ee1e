;; Answers with a million opening brackets.
(module
  ;; include servlet.inc
  (func (export "call") (result i32)
    (local $block i64) (local $i i64)
    (local.set $block (call $alloc (i64.const 1000000)))
    (loop $next
      (call $store (i64.add (local.get $block) (local.get $i)) (i32.const 91))
      (local.set $i (i64.add (local.get $i) (i64.const 1)))
      (br_if $next (i64.lt_u (local.get $i) (i64.const 1000000))))
    (call $output (local.get $block) (i64.const 1000000))
    (i32.const 0))
)
