;; Loops for ever by br_table.
(module
  ;; include servlet.inc
  (func (export "call") (result i32)
    (loop $again (block $out (br_table $again $out $again (i32.const 7))))
    (i32.const 0))
)
