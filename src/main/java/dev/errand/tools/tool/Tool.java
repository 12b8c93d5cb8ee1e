package dev.errand.tools.tool;

/** Something that a model can call. */
public interface Tool {

  /** What the model is told of it. */
  ToolSpec spec();

  /**
   * Calls it and waits for its answer. What goes wrong in the tool, its limits included, is a
   * result with {@link ToolResult#isError()} that the model can read, never an exception.
   *
   * @throws InterruptedException when the calling thread is interrupted, by which a call is
   *     cancelled; nothing of the call then goes on
   */
  ToolResult call(ToolCall call) throws InterruptedException;
}
