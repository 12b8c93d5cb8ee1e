;; Answers with text that is no JSON.
(module
  ;; include servlet.inc
  (func (export "call") (result i32)
    (call $output (call $block (i32.const 2) (i32.const 5)) (i64.const 5))
    (i32.const 0))
)
