;; Divides by zero.
(module
  ;; include servlet.inc
  (func (export "call") (result i32) (i32.div_u (i32.const 1) (i32.load (i32.const 4096))))
)
