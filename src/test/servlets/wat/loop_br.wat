;; Loops for ever by br.
(module
  ;; include servlet.inc
  (func (export "call") (result i32)
    (loop $again (br $again))
    (i32.const 0))
)
