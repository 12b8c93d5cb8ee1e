;; Crashes.
(module
  ;; include servlet.inc
  (func (export "call") (result i32) unreachable)
)
