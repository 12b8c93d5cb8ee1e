;; Loops for ever in its initializer.
(module
  ;; include servlet.inc
  (func (export "_initialize") (loop $again (br_if $again (i32.const 1))))
  (func (export "call") (result i32) (i32.const 0))
)
