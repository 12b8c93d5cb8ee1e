;; Loops for ever by br_if.
(module
  ;; include servlet.inc
  (func (export "call") (result i32)
    (loop $again (br_if $again (i32.const 1)))
    (i32.const 0))
)
