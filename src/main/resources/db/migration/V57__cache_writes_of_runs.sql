-- A run that has used nothing yet has the usage that a worker compares it with, and is spared reading it.
ALTER TABLE run ALTER COLUMN usage SET DEFAULT
  '{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0,"cached_tokens":0,"cache_write_tokens":0,"reasoning_tokens":0,"steps":0,"tool_calls":0,"model_ms":0,"tool_ms":0}';
