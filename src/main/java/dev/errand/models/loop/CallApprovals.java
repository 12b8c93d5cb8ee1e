package dev.errand.models.loop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.turn.RunChecks;
import dev.errand.models.message.Message;
import dev.errand.models.port.Approvals;
import dev.errand.models.port.Approvals.Decision;
import dev.errand.models.port.Approvals.Question;
import dev.errand.models.port.Assignment;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunWarning;
import dev.errand.tools.port.Tool;
import dev.errand.tools.port.ToolOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plans the tool calls of one answer: which are made, which have a person's decision as their
 * result, and which wait for one. It asks about those that nobody was asked about.
 */
final class CallApprovals {
  private final Assignment assignment;
  private final int step;
  private final Approvals approvals;
  private final RunChecks checks;

  /**
   * Creates the planner.
   *
   * @param step which answer of the model the calls are of, counted from 1 within the run
   */
  CallApprovals(Assignment assignment, int step, Approvals approvals, RunChecks checks) {
    this.assignment = assignment;
    this.step = step;
    this.approvals = approvals;
    this.checks = checks;
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
   * @param declined what is told where people declined the call, or nobody approved it in time;
   *     null otherwise
   */
  record Answer(
      @Nullable UUID approval, String text, boolean isError, RunWarning.@Nullable Noted declined)
      implements Plan {}

  /** It waits for a person. */
  record Wait() implements Plan {}

  /** The run ends. */
  record End(Approvals.Failed why) implements Plan {}

  /** A call and what is done about it. */
  record Planned(Message.ToolCall call, Plan plan) {}

  /** Plans the calls, and asks about those that need it. */
  List<Planned> plan(List<Message.ToolCall> calls) throws InterruptedException {
    List<Planned> planned = new ArrayList<>(calls.size());
    List<Question> questions = new ArrayList<>();
    for (Message.ToolCall call : calls) {
      Decision decision = approvals.about(step, call);
      Optional<Tool> tool = tool(call, decision);
      Plan plan = plan(call, decision, tool);
      if (decision instanceof Approvals.Begun) {
        questions.add(new Question(call, origin(tool), true, null, null));
      } else if (plan instanceof Make make && make.approval() == null) {
        Optional<String> rule;
        try {
          rule = rule(call, tool);
        } catch (TimeoutException e) {
          plan = new End(new Approvals.Failed(RunError.TIMEOUT, assignment.bounds().timeUp()));
          rule = Optional.empty();
        }
        UUID replaced = id(decision);
        // Whoever was asked about another tool is asked about this one, by a rule or not: they may
        // have changed the arguments, or would have rejected the call.
        if (rule.isPresent() || replaced != null) {
          questions.add(
              new Question(call, origin(tool), mayHaveRun(decision), rule.orElse(null), replaced));
        }
      }
      planned.add(new Planned(call, plan));
    }
    // Nobody is asked for a run that ends.
    if (questions.isEmpty() || planned.stream().anyMatch(each -> each.plan() instanceof End)) {
      return planned;
    }
    Map<String, String> refused = approvals.ask(step, questions);
    planned.replaceAll(
        each ->
            questions.stream()
                .filter(question -> question.call().equals(each.call()))
                .findFirst()
                .map(
                    question ->
                        new Planned(
                            each.call(),
                            asked(question, refused, approvals.about(step, each.call()))))
                .orElse(each));
    return planned;
  }

  /** Asks about a call whose rules became stricter since it was planned. */
  Plan ask(Message.ToolCall call, Tool tool) throws InterruptedException {
    Optional<String> rule;
    try {
      rule = inTurn(() -> rule(call, tool));
    } catch (TimeoutException e) {
      // It waits by a rule, which nobody is told.
      rule = Optional.empty();
    }
    Question question =
        new Question(call, tool.origin().orElse(null), false, rule.orElse(null), null);
    return asked(question, approvals.ask(step, List.of(question)), new Approvals.None());
  }

  // A decision for another tool is left as it is, and ends with the run.
  private static Plan asked(Question question, Map<String, String> refused, Decision before) {
    String why = refused.get(question.call().id());
    return why == null
        ? new Wait()
        : new Answer(before instanceof Approvals.Open open ? open.id() : null, why, true, null);
  }

  private static Plan plan(Message.ToolCall call, Decision decision, Optional<Tool> tool) {
    return switch (decision) {
      case Approvals.None _ -> new Make(tool.orElse(null), null, null);
      case Approvals.Open(UUID id, ToolOrigin asked, boolean _) -> {
        if (isGone(tool)) {
          yield gone(id, call);
        }
        // Nobody looked at a call by another tool.
        yield Objects.equals(asked, origin(tool))
            ? new Wait()
            : new Make(tool.orElse(null), null, null);
      }
      case Approvals.Begun _ -> new Wait();
      case Approvals.Approved(UUID id, ToolOrigin approved, boolean _, ObjectNode changed) -> {
        if (Objects.equals(approved, origin(tool))) {
          yield new Make(tool.orElse(null), id, changed);
        }
        yield isGone(tool) ? gone(id, call) : new Make(tool.orElse(null), null, null);
      }
      case Approvals.Answered(UUID id, String text, RunWarning.Noted declined) ->
          new Answer(id, text, declined != null, declined);
      case Approvals.Failed failed -> new End(failed);
    };
  }

  private static boolean isGone(Optional<Tool> tool) {
    return tool.filter(found -> !found.isGone()).isEmpty();
  }

  private static Answer gone(UUID approval, Message.ToolCall call) {
    return new Answer(
        approval,
        "The tool "
            + call.name()
            + " was removed or switched off after this run began: go on without it.",
        true,
        null);
  }

  // The tool that somebody was asked about, whatever its name is now; else the one of that name,
  // which may have passed to another installation.
  private Optional<Tool> tool(Message.ToolCall call, Decision decision) {
    ToolOrigin asked =
        switch (decision) {
          case Approvals.Open(UUID _, ToolOrigin origin, boolean _) -> origin;
          case Approvals.Approved(UUID _, ToolOrigin origin, boolean _, ObjectNode _) -> origin;
          case Approvals.Begun(ToolOrigin origin) -> origin;
          case Approvals.None _, Approvals.Answered _, Approvals.Failed _ -> null;
        };
    return Optional.ofNullable(asked)
        .flatMap(assignment.toolbox()::find)
        .or(() -> assignment.toolbox().find(call.name()));
  }

  private static @Nullable UUID id(Decision decision) {
    return switch (decision) {
      case Approvals.Open(UUID id, ToolOrigin _, boolean _) -> id;
      case Approvals.Approved(UUID id, ToolOrigin _, boolean _, ObjectNode _) -> id;
      case Approvals.None _, Approvals.Answered _, Approvals.Failed _, Approvals.Begun _ -> null;
    };
  }

  private static boolean mayHaveRun(Decision decision) {
    return switch (decision) {
      case Approvals.Open open -> open.mayHaveRun();
      case Approvals.Approved approved -> approved.mayHaveRun();
      case Approvals.Begun _ -> true;
      case Approvals.None _, Approvals.Answered _, Approvals.Failed _ -> false;
    };
  }

  // A call that can't be made needs nobody.
  private Optional<String> rule(Message.ToolCall call, Optional<Tool> tool)
      throws InterruptedException, TimeoutException {
    Optional<Tool> present = tool.filter(found -> !found.isGone());
    return present.isEmpty() ? Optional.empty() : inTurn(() -> rule(call, present.get()));
  }

  private Optional<String> inTurn(Supplier<Optional<String>> rule)
      throws InterruptedException, TimeoutException {
    return checks.call(assignment.owner(), assignment.bounds().deadline(), rule);
  }

  private Optional<String> rule(Message.ToolCall call, Tool tool) {
    // The name by which it is called may have passed to it, or to another.
    return call.arguments() instanceof ObjectNode arguments
        ? Stream.concat(Stream.of(call.name()), tool.sharedNames().stream().sorted())
            .flatMap(name -> assignment.approvals().why(name, arguments).stream())
            .findFirst()
            .map(rule -> "The task: " + rule)
            .or(() -> tool.approvalRule(arguments))
        : Optional.empty();
  }

  private static @Nullable ToolOrigin origin(Optional<Tool> tool) {
    return tool.flatMap(Tool::origin).orElse(null);
  }
}
