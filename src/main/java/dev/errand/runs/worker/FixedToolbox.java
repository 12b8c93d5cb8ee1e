package dev.errand.runs.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.tools.port.Tool;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolOrigin;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.port.Toolbox;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tools that a run offered to its model first, and offers to its end: some vendors bind what a
 * model thought to them. A tool that was removed since answers an error.
 */
final class FixedToolbox implements Toolbox {
  private final Toolbox present;
  private final List<Tool> tools;

  /**
   * Creates the toolbox.
   *
   * @param present the tools that the run could be offered now
   * @param offered the definitions of those that it was offered
   */
  FixedToolbox(Toolbox present, List<ToolSpec> offered) {
    this.present = present;
    this.tools = offered.stream().map(this::tool).toList();
  }

  // A name may have passed to another tool, which takes other arguments. What a tool says of itself
  // may differ: another version of this service may word it anew.
  private Tool tool(ToolSpec offered) {
    return present
        .find(offered.name())
        .filter(found -> found.spec().inputSchema().equals(offered.inputSchema()))
        .<Tool>map(found -> new Offered(offered, found))
        .orElseGet(() -> new Removed(offered));
  }

  @Override
  public List<Tool> tools() {
    return tools;
  }

  /** Found under whatever name it has now: the run's pins, not names, say what it takes. */
  @Override
  public Optional<Tool> find(ToolOrigin origin) {
    return present.find(origin);
  }

  @Override
  public Optional<String> prepare() throws InterruptedException {
    return present.prepare();
  }

  private record Offered(ToolSpec spec, Tool present) implements Tool {
    @Override
    public ToolResult call(ToolCall call) throws InterruptedException {
      return present.call(call);
    }

    @Override
    public Optional<String> approvalRule(ObjectNode arguments) {
      return present.approvalRule(arguments);
    }

    @Override
    public Set<String> sharedNames() {
      return present.sharedNames();
    }

    @Override
    public Optional<ToolOrigin> origin() {
      return present.origin();
    }
  }

  private record Removed(ToolSpec spec) implements Tool {
    @Override
    public boolean isGone() {
      return true;
    }

    @Override
    public ToolResult call(ToolCall call) {
      return ToolResult.error(
          "The tool "
              + spec.name()
              + " was removed or switched off after this run began: go on without it.");
    }
  }
}
