;; Loops for ever in its start function.
(module
  ;; include servlet.inc
  (func $forever (loop $again (br $again)))
  (start $forever)
  (func (export "call") (result i32) (i32.const 0))
)
