;; Gets http://example.test/ and answers with its status.
(module
  (import "extism:host/env" "http_request" (func $http (param i64 i64) (result i64)))
  (import "extism:host/env" "http_status_code" (func $status (result i32)))
  ;; include servlet.inc
  (data (i32.const 4096) "{\"url\":\"http://example.test/\",\"headers\":{\"Host\":\"x\",\"X-A\":\"1\"}}")
  (func (export "call") (result i32)
    (drop (call $http (call $block (i32.const 4096) (i32.const 64)) (i64.const 0)))
    (call $answer (call $status))
    (i32.const 0))
)
