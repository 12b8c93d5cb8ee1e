;; Crashes because its memory can not grow.
(module
  ;; include servlet.inc
  (func (export "call") (result i32)
    (if (i32.eq (memory.grow (i32.const 60000)) (i32.const -1)) (then unreachable))
    (i32.const 0))
)
