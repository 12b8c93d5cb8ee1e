package dev.errand.tools.port;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.base.cel.Condition;
import dev.errand.base.cel.KnownConditions;
import dev.errand.base.cel.StepBudget;
import java.util.Map;

/** Whether calls of a tool wait until a person approves them. */
public sealed interface ApprovalRule {
  String ALWAYS = "always";
  String NEVER = "never";
  String WHEN = "when";

  /** Whether a call with these arguments waits. */
  default boolean wants(ObjectNode arguments) {
    return wants(arguments, new StepBudget(Condition.MOST_STEPS));
  }

  /**
   * Whether a call with these arguments waits.
   *
   * @param budget of which the steps of a condition are taken; the result is none once it is used
   *     up
   */
  boolean wants(ObjectNode arguments, StepBudget budget);

  /** Whether each call that waits by another rule waits by this one, too, as far as one can see. */
  boolean isAsStrictAs(ApprovalRule other);

  /** The rule in JSON: a word, or an object with a condition. */
  JsonNode json();

  /** Each call waits. */
  record Always() implements ApprovalRule {
    @Override
    public boolean wants(ObjectNode arguments, StepBudget budget) {
      return true;
    }

    @Override
    public boolean isAsStrictAs(ApprovalRule other) {
      return true;
    }

    @Override
    public JsonNode json() {
      return TextNode.valueOf(ALWAYS);
    }
  }

  /** No call waits. */
  record Never() implements ApprovalRule {
    @Override
    public boolean wants(ObjectNode arguments, StepBudget budget) {
      return false;
    }

    @Override
    public boolean isAsStrictAs(ApprovalRule other) {
      return other instanceof Never;
    }

    @Override
    public JsonNode json() {
      return TextNode.valueOf(NEVER);
    }
  }

  /**
   * A call waits if a condition holds, or can't be evaluated.
   *
   * @param condition in CEL over {@code arguments}
   */
  record When(String condition) implements ApprovalRule {
    private static final Map<String, Condition.Type> VARIABLES =
        Map.of("arguments", Condition.Type.OBJECT);

    /**
     * Checks the condition.
     *
     * @throws IllegalArgumentException that says what is wrong with it: the end of a sentence
     */
    void check() {
      Condition _ = KnownConditions.all().check(condition, VARIABLES);
    }

    @Override
    public boolean wants(ObjectNode arguments, StepBudget budget) {
      try {
        Condition known = KnownConditions.all().get(condition, VARIABLES);
        return !(known.check(Map.of("arguments", arguments), budget)
            instanceof Condition.DoesNotHold);
      } catch (IllegalArgumentException e) {
        // Another version took it.
        return true;
      }
    }

    @Override
    public boolean isAsStrictAs(ApprovalRule other) {
      return other instanceof Never || other.equals(this);
    }

    @Override
    public JsonNode json() {
      return JsonNodeFactory.instance.objectNode().put(WHEN, condition);
    }
  }
}
