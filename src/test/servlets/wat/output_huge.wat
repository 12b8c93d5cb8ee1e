;; Answers with twenty million bytes.
(module
  ;; include servlet.inc
  (func (export "call") (result i32)
    (call $output (call $alloc (i64.const 20000000)) (i64.const 20000000))
    (i32.const 0))
)
