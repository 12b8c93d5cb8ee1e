package dev.errand.tools.mcp.wire;

import java.util.Map;

/** Port to the tracer: the trace that a request to a remote server is part of. */
public interface CurrentTrace {
  /**
   * The context of the calling thread's span as {@code traceparent} and, where there is one, {@code
   * tracestate} (W3C Trace Context); empty without tracing.
   */
  Map<String, String> fields();
}
