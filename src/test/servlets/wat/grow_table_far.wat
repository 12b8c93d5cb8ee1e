;; Grows two tables until that fails, and answers with their sizes.
(module
  ;; include servlet.inc
  (table $t 1 funcref)
  (table $u 1 externref)
  (func (export "call") (result i32)
    (loop $again (br_if $again (i32.ne (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1))))
    (loop $again (br_if $again (i32.ne (table.grow $u (ref.null extern) (i32.const 1000)) (i32.const -1))))
    (drop (table.grow $t (ref.null func) (i32.const 2147483647)))
    (call $answer (i32.add (table.size $t) (table.size $u)))
    (i32.const 0))
)
