;; Loops for ever over SIMD instructions.
(module
  ;; include servlet.inc
  (func (export "call") (result i32) (local $sum v128)
    (loop $again
      (local.set $sum (i32x4.add (local.get $sum) (i32x4.splat (i32.const 1))))
      (br_if $again (v128.any_true (v128.or (local.get $sum) (i32x4.splat (i32.const 1))))))
    (i32.const 0))
)
