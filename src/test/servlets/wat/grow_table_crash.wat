;; Grows a table until that fails, and crashes then.
(module
  ;; include servlet.inc
  (table $t 1 externref)
  (func (export "call") (result i32)
    (loop $again
      (br_if $again (i32.ne (table.grow $t (ref.null extern) (i32.const 10000)) (i32.const -1))))
    unreachable)
)
