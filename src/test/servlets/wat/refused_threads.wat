;; Uses atomic instructions on shared memory.
(module
  (memory 1 1 shared)
  (func (export "describe") (result i32) (i32.const 0))
  (func (export "call") (result i32) (i32.atomic.load (i32.const 0)))
)
