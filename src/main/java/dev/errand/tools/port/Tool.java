package dev.errand.tools.port;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;

/** A tool that a model can call. */
public interface Tool {
  /** The name, description and schema that the model gets. */
  ToolSpec spec();

  /**
   * Calls the tool and waits for its result. Any failure of the tool, limits included, is a result
   * with {@link ToolResult#isError()} that the model can read, never an exception.
   *
   * @throws ApprovalNeededException when a person must approve the call, and it is not approved;
   *     nothing was called
   * @throws InterruptedException when the calling thread is interrupted, which cancels the call;
   *     all of its work has stopped then
   */
  ToolResult call(ToolCall call) throws InterruptedException;

  /**
   * The rule by which a person must approve a call, among rules that are at hand; {@link #call}
   * reads those of its moment. Empty where the call needs nobody.
   */
  default Optional<String> approvalRule(ObjectNode arguments) {
    return Optional.empty();
  }

  /**
   * All names for which rules of tasks hold for it where other tools of the profile would have its
   * name, too; otherwise none but its own, and this is empty.
   */
  default Set<String> sharedNames() {
    return Set.of();
  }

  /** Whether it was removed or switched off, so that a call says so. */
  default boolean isGone() {
    return false;
  }

  /** Which tool of which installation it is; empty where it is of none. */
  default Optional<ToolOrigin> origin() {
    return Optional.empty();
  }
}
