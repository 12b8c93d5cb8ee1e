;; Stores to an address that is no block.
(module
  ;; include servlet.inc
  (func (export "call") (result i32)
    (call $store (i64.const 1000000000000) (i32.const 1))
    (i32.const 0))
)
