;; Loops for ever over a call.
(module
  ;; include servlet.inc
  (func $nothing)
  (func (export "call") (result i32)
    (loop $again (call $nothing) (br_if $again (i32.const 1)))
    (i32.const 0))
)
