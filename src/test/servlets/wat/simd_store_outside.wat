;; Writes a vector whose upper half is behind its memory.
(module
  ;; include servlet.inc
  (func (export "call") (result i32) (v128.store offset=4 (i32.const 65524) (v128.const i64x2 1 2)) (i32.const 0))
)
