;; Asks for a huge table.
(module
  (table 9000000 funcref)
  (func (export "describe") (result i32) (i32.const 0))
  (func (export "call") (result i32) (i32.const 0))
)
