;; Takes blocks for ever.
(module
  ;; include servlet.inc
  (func (export "call") (result i32)
    (loop $again (drop (call $alloc (i64.const 1000))) (br $again))
    (i32.const 0))
)
