;; Two functions that call each other for ever, each from a loop, so that the stack stays low.
(module
  ;; include servlet.inc
  (type $none (func))
  (table $t 2 funcref)
  (elem (i32.const 0) $one $other)
  (func $one (nop))
  (func $other (call_indirect (type $none) (i32.const 0)))
  (func (export "call") (result i32)
    (loop $again (call_indirect (type $none) (i32.const 1)) (br $again))
    (i32.const 0))
)
