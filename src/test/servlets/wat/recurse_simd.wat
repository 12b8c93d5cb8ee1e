;; Calls itself for ever with vectors as arguments and variables.
(module
  ;; include servlet.inc
  (func $again (param v128 v128) (result v128) (local v128 v128 v128 v128)
    (local.set 3 (call $again (i64x2.add (local.get 0) (local.get 1)) (local.get 0)))
    (i64x2.mul (local.get 3) (local.get 1)))
  (func (export "call") (result i32)
    (v128.any_true (call $again (v128.const i64x2 1 2) (v128.const i64x2 3 4))))
)
