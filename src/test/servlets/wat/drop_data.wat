;; Drops a data segment after use: the second call of one instance would crash.
(module
  ;; include servlet.inc
  (data $passive "abcdefgh")
  (func (export "call") (result i32)
    (memory.init $passive (i32.const 2048) (i32.const 0) (i32.const 8))
    (data.drop $passive)
    (call $answer (i32.load8_u (i32.const 2048)))
    (i32.const 0))
)
