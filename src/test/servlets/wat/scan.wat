;; Looks for what others left behind: answers how many bytes of a large new block and of newly grown
;; memory are not zero.
(module
  (import "extism:host/env" "load_u8" (func $load (param i64) (result i32)))
  ;; include servlet.inc
  (func (export "call") (result i32)
    (local $block i64) (local $i i32) (local $end i32) (local $found i32)
    (local.set $block (call $alloc (i64.const 100000)))
    (loop $next
      (local.set $found (i32.add (local.get $found)
        (i32.ne (i32.const 0) (call $load (i64.add (local.get $block) (i64.extend_i32_u (local.get $i)))))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (i32.const 100000))))
    (drop (memory.grow (i32.const 1)))
    (local.set $i (i32.const 4096))
    (local.set $end (i32.mul (memory.size) (i32.const 65536)))
    (loop $next
      (local.set $found (i32.add (local.get $found) (i32.ne (i32.const 0) (i32.load8_u (local.get $i)))))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $i) (local.get $end))))
    (call $answer (local.get $found))
    (i32.const 0))
)
