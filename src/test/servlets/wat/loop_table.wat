;; Fills its table for ever.
(module
  ;; include servlet.inc
  (table $t 50000 funcref)
  (func (export "call") (result i32)
    (loop $again (table.fill $t (i32.const 0) (ref.null func) (i32.const 50000)) (br_if $again (i32.const 1)))
    (i32.const 0))
)
