;; Aborts as AssemblyScript does.
(module
  (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
  ;; include servlet.inc
  (data (i32.const 4096) "\0a\00\00\00W\00r\00o\00n\00g\00")
  (data (i32.const 4200) "\08\00\00\00a\00.\00t\00s\00")
  (func (export "call") (result i32)
    (call $abort (i32.const 4100) (i32.const 4204) (i32.const 12) (i32.const 34))
    (i32.const 0))
)
