;; Its _start does not end.
(module
  ;; include servlet.inc
  (func (export "_start") (loop $again (br $again)))
  (func (export "call") (result i32) (i32.const 0))
)
