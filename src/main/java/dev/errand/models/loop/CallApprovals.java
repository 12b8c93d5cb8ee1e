package dev.errand.models.loop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.message.Message;
import dev.errand.models.port.Approvals;
import dev.errand.models.port.Approvals.Decision;
import dev.errand.models.port.Approvals.Question;
import dev.errand.models.port.Assignment;
import dev.errand.tools.port.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Plans the tool calls of one answer: which are made, which have a person's decision as their
 * result, and which wait for one. It asks about those that nobody was asked about.
 */
final class CallApprovals {
  private final Assignment assignment;
  private final int step;
  private final Approvals approvals;

  /**
   * Creates the planner.
   *
   * @param step which answer of the model the calls are of, counted from 1 within the run
   */
  CallApprovals(Assignment assignment, int step, Approvals approvals) {
    this.assignment = assignment;
    this.step = step;
    this.approvals = approvals;
  }

  /** What is done about a call. */
  sealed interface Plan {}

  /**
   * It is made.
   *
   * @param tool the tool; null where there is none of its name
   * @param approval the approval by which it is made; null where it needs none
   * @param changed arguments that a person put in place of the model's; null for the model's
   */
  record Make(@Nullable Tool tool, @Nullable UUID approval, @Nullable ObjectNode changed)
      implements Plan {}

  /**
   * It is not made, and the model reads a text as its result.
   *
   * @param approval the approval that says so; null where nobody could be asked
   */
  record Answer(@Nullable UUID approval, String text, boolean isError) implements Plan {}

  /** It waits for a person. */
  record Wait() implements Plan {}

  /** The run ends. */
  record End(Approvals.Failed why) implements Plan {}

  /** A call and what is done about it. */
  record Planned(Message.ToolCall call, Plan plan) {}

  /** Plans the calls, and asks about those that need it. */
  List<Planned> plan(List<Message.ToolCall> calls) {
    List<Planned> planned = new ArrayList<>(calls.size());
    List<Question> questions = new ArrayList<>();
    for (Message.ToolCall call : calls) {
      Optional<Tool> tool = assignment.toolbox().find(call.name());
      Decision decision = approvals.about(step, call);
      Plan plan = plan(call, decision, tool);
      if (decision instanceof Approvals.Begun) {
        questions.add(new Question(call, installation(tool), true));
      } else if (plan instanceof Make make && make.approval() == null && isWanted(call, tool)) {
        questions.add(new Question(call, installation(tool), false));
      }
      planned.add(new Planned(call, plan));
    }
    // Nobody is asked for a run that ends.
    if (questions.isEmpty() || planned.stream().anyMatch(each -> each.plan() instanceof End)) {
      return planned;
    }
    Map<String, String> refused = approvals.ask(step, questions);
    List<Message.ToolCall> asked = questions.stream().map(Question::call).toList();
    planned.replaceAll(
        each ->
            asked.contains(each.call()) ? new Planned(each.call(), asked(each, refused)) : each);
    return planned;
  }

  /** Asks about a call whose rules became stricter since it was planned. */
  Plan ask(Message.ToolCall call, Tool tool) {
    Question question = new Question(call, installation(Optional.of(tool)), false);
    return asked(new Planned(call, new Wait()), approvals.ask(step, List.of(question)));
  }

  private static Plan asked(Planned call, Map<String, String> refused) {
    String why = refused.get(call.call().id());
    return why == null ? new Wait() : new Answer(null, why, true);
  }

  private static Plan plan(Message.ToolCall call, Decision decision, Optional<Tool> tool) {
    return switch (decision) {
      case Approvals.None _ -> new Make(tool.orElse(null), null, null);
      case Approvals.Open(UUID id) ->
          tool.filter(found -> !found.isGone()).isPresent()
              ? new Wait()
              : new Answer(
                  id,
                  "The tool "
                      + call.name()
                      + " was removed or switched off after this run began: go on without it.",
                  true);
      case Approvals.Begun _ -> new Wait();
      case Approvals.Approved(UUID id, UUID installation, ObjectNode changed) ->
          // The name may have passed to the tool of another installation.
          Objects.equals(installation, installation(tool))
              ? new Make(tool.orElse(null), id, changed)
              : new Make(tool.orElse(null), null, null);
      case Approvals.Answered(UUID id, String text, boolean isError) ->
          new Answer(id, text, isError);
      case Approvals.Failed failed -> new End(failed);
    };
  }

  // A call that can't be made needs nobody.
  private boolean isWanted(Message.ToolCall call, Optional<Tool> tool) {
    return tool.filter(found -> !found.isGone()).isPresent()
        && call.arguments() instanceof ObjectNode arguments
        && (assignment.approvals().wants(call.name(), arguments)
            || tool.get().wantsApproval(arguments));
  }

  private static @Nullable UUID installation(Optional<Tool> tool) {
    return tool.flatMap(Tool::installation).orElse(null);
  }
}
