;; Grows its memory page by page until that fails, and answers with its pages.
(module
  ;; include servlet.inc
  (func (export "call") (result i32)
    (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (call $answer (memory.size))
    (i32.const 0))
)
