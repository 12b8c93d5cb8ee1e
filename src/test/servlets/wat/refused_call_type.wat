;; Exports a call that takes something.
(module
  (func (export "describe") (result i32) (i32.const 0))
  (func (export "call") (param i32) (result i32) (i32.const 0))
)
