;; Answers with the header fields and the body of a response, as they are.
(module
  (import "extism:host/env" "http_request" (func $http (param i64 i64) (result i64)))
  (import "extism:host/env" "http_headers" (func $headers (result i64)))
  (import "extism:host/env" "log_warn" (func $log (param i64)))
  (import "extism:host/env" "length" (func $length (param i64) (result i64)))
  ;; include servlet.inc
  (data (i32.const 4096) "{\"url\":\"http://example.test/\"}")
  (func (export "call") (result i32)
    (local $body i64)
    (local.set $body (call $http (call $block (i32.const 4096) (i32.const 30)) (i64.const 0)))
    (call $log (call $headers))
    (call $output (local.get $body) (call $length (local.get $body)))
    (i32.const 0))
)
