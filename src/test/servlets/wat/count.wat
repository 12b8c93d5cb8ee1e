;; Counts its calls, in a global and in memory: 1001 at each call of a fresh instance.
(module
  ;; include servlet.inc
  (global $calls (mut i32) (i32.const 0))
  (func (export "call") (result i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1000)))
    (i32.store (i32.const 1024) (i32.add (i32.load (i32.const 1024)) (i32.const 1)))
    (call $answer (i32.add (global.get $calls) (i32.load (i32.const 1024))))
    (i32.const 0))
)
