package dev.errand.models.port;

import dev.errand.base.limit.Reservation;
import dev.errand.models.message.Message;
import dev.errand.tools.port.ToolEgress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Receives every step of a run from the tool loop and records it. A method returns only when the
 * step is committed, so that nothing can depend on an uncommitted step. Implementations are
 * thread-safe.
 */
public interface RunListener {

  /**
   * Whether the claim still holds, by local clocks alone. It is checked right before a request to
   * the model or a tool call, which can't be undone: after a pause, a process must not repeat what
   * another process has done meanwhile.
   */
  boolean isHeld();

  /**
   * The model answered with tool calls.
   *
   * @param used the usage of this answer
   * @param usage that of the run, with this answer
   */
  void assistantMessage(
      Message.Assistant message, Usage.Step used, Usage usage, List<RunWarning> warnings);

  /**
   * The model answered with a last message that does not fit the schema, and is asked again.
   *
   * @param used the usage of this answer
   * @param request what it is told
   * @param usage that of the run, with this answer
   */
  void repair(
      Message.Assistant message,
      Usage.Step used,
      Message.User request,
      Usage usage,
      List<RunWarning> warnings);

  /** A tool call ended. */
  void toolResult(ToolEnd end, Usage usage, List<RunWarning> warnings);

  void warning(RunWarning warning, Usage usage);

  /**
   * A piece of the message that the model is writing; the whole message follows. This method
   * returns at once and records nothing.
   *
   * @param text the next piece
   */
  default void delta(String text) {}

  /**
   * A tool logged a line.
   *
   * @param level 10 trace, 20 debug, 30 info, 40 warning, 50 error
   */
  void toolLog(String tool, int level, String line);

  /**
   * Takes over the memory reservation of the model's answer, until the answer is recorded.
   *
   * @param memory the reservation, which the listener closes
   */
  default void holds(Reservation memory) {
    memory.close();
  }

  /** A request to the model ended. It is called before the answer's own method and not recorded. */
  default void modelAsked(ModelAsked asked) {}

  /** A tool call ended. It is called before {@link #toolResult} and not recorded. */
  default void toolCalled(ToolCalled called) {}

  /** Whether another step may begin here; otherwise the run continues in another process. */
  default boolean goesOn() {
    return true;
  }

  /** The model is about to be asked; until {@link #awaitPlace} the run only waits. */
  default void waitsForModel() {}

  /**
   * Waits until this process has a working place for the run, which tool calls need. It may take
   * longer than the run has left.
   *
   * @return whether it has; otherwise the run continues in another process
   */
  default boolean awaitPlace() throws InterruptedException {
    return true;
  }

  /**
   * Waits before another try of a step. The wait ends early when no step may begin here any more.
   *
   * @return whether the next try may begin here; otherwise the run continues in another process
   */
  default boolean pause(Duration time) throws InterruptedException {
    Thread.sleep(time);
    return goesOn();
  }

  /**
   * The model is about to be asked by a request that could pass a bound of the run. What it may use
   * is recorded before, so that it counts if the answer is lost.
   *
   * @param usage that of the run, with the most that the request can use as unconfirmed
   */
  default void reserves(Usage usage) {}

  /** What the run may spend beyond its own bounds. */
  default Spending spending() {
    return Spending.UNLIMITED;
  }

  /** When the run may ask its model. */
  default Pace pace() {
    return Pace.FREE;
  }

  /** What people decide about the tool calls of the run. */
  default Approvals approvals() {
    return Approvals.NOBODY;
  }

  /**
   * The end of a tool call.
   *
   * @param tool the tool's name, as the model called it
   * @param egress the HTTP requests that the tool made, in the order of their ends
   * @param decision the approval whose decision is the result; null where the tool was called, or
   *     could not be
   */
  record ToolEnd(
      String tool,
      Message.ToolResult result,
      long tookMs,
      List<ToolEgress> egress,
      @Nullable UUID decision) {
    public ToolEnd {
      egress = List.copyOf(egress);
    }
  }
}
