package dev.errand.tools.port;

/** A tool that a model can call. */
public interface Tool {
  /** The name, description and schema that the model gets. */
  ToolSpec spec();

  /**
   * Calls the tool and waits for its result. Any failure of the tool, limits included, is a result
   * with {@link ToolResult#isError()} that the model can read, never an exception.
   *
   * @throws InterruptedException when the calling thread is interrupted, which cancels the call;
   *     all of its work has stopped then
   */
  ToolResult call(ToolCall call) throws InterruptedException;
}
