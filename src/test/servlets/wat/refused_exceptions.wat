;; Declares a tag.
(module
  (tag (param i32))
  (func (export "describe") (result i32) (i32.const 0))
  (func (export "call") (result i32) (i32.const 0))
)
