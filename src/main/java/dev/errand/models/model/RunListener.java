package dev.errand.models.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.budget.Reservation;
import java.util.List;

/**
 * Is told of every step of a run. A method returns only when the step is kept for good, so that
 * nothing that follows from it can be known while it is not. Any thread may call.
 */
public interface RunListener {

  /**
   * Whether the run is still this worker's, as far as can be told without asking anyone. It is
   * asked right before what can't be taken back, a request to the model or a tool call: a process
   * that stood still for a while must not do what another has done since.
   */
  boolean isHeld();

  /**
   * The model answered, and the answer is not its last: it asks for tools.
   *
   * @param item the message
   * @param requests the tool calls in it, in order
   * @param usage what the run has used, this answer included
   * @param warnings what the answer brought with it that the run's owner should know
   */
  void assistantMessage(
      ConversationItem item, List<ToolRequest> requests, Usage usage, List<RunWarning> warnings);

  /**
   * A tool answered.
   *
   * @param result the message that the model will read, and the pictures that it will see
   * @param isError whether it tells of a failure
   * @param usage what the run has used, this call included
   * @param warnings what the call brought with it that the run's owner should know
   */
  void toolResult(ConversationItem result, boolean isError, Usage usage, List<RunWarning> warnings);

  /**
   * There is something that the run's owner should know.
   *
   * @param usage what the run has used
   */
  void warning(RunWarning warning, Usage usage);

  /**
   * The model goes on with the message that it is writing, which is told of as a whole when it is
   * whole. This returns at once and keeps nothing.
   *
   * @param text what follows the text before it
   */
  default void delta(String text) {}

  /**
   * A tool logged a line.
   *
   * @param tool the tool's name
   * @param level 10 trace, 20 debug, 30 info, 40 warning, 50 error
   * @param line what it logged
   */
  void toolLog(String tool, int level, String line);

  /**
   * The model's answer takes this memory, until it is written down.
   *
   * @param memory the listener closes it
   */
  default void holds(Reservation memory) {
    memory.close();
  }

  /** The model was asked once; told of before what follows from it. Nothing is kept of this. */
  default void modelAsked(ModelAsked asked) {}

  /** A tool was called; told of before its result is. Nothing is kept of this. */
  default void toolCalled(ToolCalled called) {}

  /** Whether another step is to be begun; where not, the run is gone on with elsewhere. */
  default boolean goesOn() {
    return true;
  }

  /**
   * A call that the model asks for.
   *
   * @param id the call's id
   * @param name the tool's name
   * @param arguments the arguments; a text node with what came where it is not valid JSON
   */
  record ToolRequest(String id, String name, JsonNode arguments) {}
}
