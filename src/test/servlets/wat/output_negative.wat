;; Answers with fewer bytes than none.
(module
  ;; include servlet.inc
  (func (export "call") (result i32)
    (call $output (call $block (i32.const 0) (i32.const 8)) (i64.const -1))
    (i32.const 0))
)
