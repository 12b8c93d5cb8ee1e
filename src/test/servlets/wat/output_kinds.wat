;; Answers with content of all kinds.
(module
  ;; include servlet.inc
  (data (i32.const 4096) "{\"content\":[{\"type\":\"text\",\"text\":\"a\\ud800b\"},{\"type\":\"image\",\"data\":\"AAAA\",\"mimeType\":\"image/png\"},{\"type\":\"resource\",\"resource\":{\"uri\":\"x:y\",\"text\":\"inside\"}},{\"type\":\"audio\",\"data\":\"AAAA\"},{\"type\":\"text\",\"text\":\"\ff\"}],\"isError\":true}")
  (func (export "call") (result i32)
    (call $output (call $block (i32.const 4096) (i32.const 243)) (i64.const 243))
    (i32.const 0))
)
