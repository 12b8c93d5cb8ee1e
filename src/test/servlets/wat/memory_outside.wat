;; Reads behind its memory.
(module
  ;; include servlet.inc
  (func (export "call") (result i32) (i32.load (i32.const 65533)))
)
