package dev.errand.runs.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.prompt.TemplatePart.Section;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One rendering of a prompt, with limits on its text and on its work: a short template may repeat a
 * long list within a long list and leave no text. Each tag, each item and each scope in which a
 * name is looked for is a step.
 */
final class Rendering {
  /** The most characters of a text, of which one that JSON escapes by its number counts six. */
  static final int LONGEST = 2 * 1024 * 1024;

  /** The most characters of a text that is no long rendering. */
  private static final int SHORT = 64 * 1024;

  private static final int ESCAPED = 6;

  /** The most steps: a fraction of a second on a slow machine. */
  static final int MOST_STEPS = 1_000_000;

  /** The steps of writing an object or a list as JSON, which needs a generator. */
  private static final int JSON_STEPS = 10;

  /** How many characters of a name count as a step: they are compared where hashes collide. */
  private static final int NAME_STEP = 16;

  private static final int STEPS_BETWEEN_LOOKS = 4096;

  private static final Duration LONGEST_TIME = Duration.ofSeconds(5);
  private static final Duration LATER = Duration.ofSeconds(10);

  private final ObjectNode builtIns;
  private final int mostSteps;
  private final LongSupplier nanoTime;
  private final long end;
  private final StringBuilder text = new StringBuilder();
  private boolean isMeasured;
  private int length;
  private int steps;
  private int nextLook = STEPS_BETWEEN_LOOKS;

  /**
   * A value whose fields can be named, in the one that is around it.
   *
   * @param index the number of the item in its list, from 1
   */
  private record Scope(
      JsonNode value, @Nullable Scope around, int index, boolean isFirst, boolean isLast) {
    Scope with(JsonNode inner) {
      return new Scope(inner, this, index, isFirst, isLast);
    }
  }

  Rendering(BuiltInValues values, LongSupplier nanoTime) {
    this(values, MOST_STEPS, nanoTime);
  }

  /**
   * A rendering.
   *
   * @param mostSteps after which it is given up, where it is fewer than {@value #MOST_STEPS}
   */
  Rendering(BuiltInValues values, int mostSteps, LongSupplier nanoTime) {
    this.builtIns = values.toJson();
    this.mostSteps = mostSteps;
    this.nanoTime = nanoTime;
    this.end = nanoTime.getAsLong() + LONGEST_TIME.toNanos();
  }

  /**
   * The text of a template.
   *
   * @throws ApiException {@link ErrorCode#TOO_LARGE} when the text or the work is too large
   * @throws LongRenderingException where it was given up
   */
  String of(List<TemplatePart> parts, ObjectNode parameters) {
    add(parts, new Scope(parameters, null, 0, false, false));
    return text.toString();
  }

  /**
   * The length of that text, which is not kept.
   *
   * @throws ApiException as there
   */
  int lengthOf(List<TemplatePart> parts, ObjectNode parameters) {
    isMeasured = true;
    add(parts, new Scope(parameters, null, 0, false, false));
    return length;
  }

  int steps() {
    return steps;
  }

  private void add(List<TemplatePart> parts, Scope scope) {
    for (TemplatePart part : parts) {
      count(1);
      switch (part) {
        case TemplatePart.Text(String fixed, var _) -> write(fixed);
        case TemplatePart.Variable(TemplateName name) -> write(value(name, scope));
        case Section section -> addSection(section, scope);
        case TemplatePart.Silent() -> {}
      }
    }
  }

  private void addSection(Section section, Scope scope) {
    switch (section.kind()) {
      case BLOCK -> add(section.parts(), scope);
      case INVERTED -> {
        if (isFalse(value(section.name(), scope))) {
          add(section.parts(), scope);
        }
      }
      case REPEATED -> {
        JsonNode value = value(section.name(), scope);
        if (value instanceof ArrayNode items) {
          addEach(items, section.parts(), scope);
        } else if (value != null && !isFalse(value)) {
          // True is no value to look into.
          add(section.parts(), value.isBoolean() ? scope : scope.with(value));
        }
      }
    }
  }

  private void addEach(ArrayNode items, List<TemplatePart> parts, Scope scope) {
    for (int i = 0; i < items.size(); i++) {
      count(1);
      add(parts, new Scope(items.get(i), scope, i + 1, i == 0, i == items.size() - 1));
    }
  }

  private static boolean isFalse(@Nullable JsonNode value) {
    return value == null
        || switch (value.getNodeType()) {
          case ARRAY -> value.isEmpty();
          case BOOLEAN -> !value.booleanValue();
          case NULL, MISSING -> true;
          case STRING -> value.textValue().isEmpty();
          case OBJECT, NUMBER, BINARY, POJO -> false;
        };
  }

  private @Nullable JsonNode value(TemplateName name, Scope scope) {
    JsonNode value = nearest(name.text(), scope);
    if (value != null || name.path().isEmpty()) {
      return value;
    }
    value = nearest(name.path().getFirst(), scope);
    // Only the first part is looked for in the scopes around.
    for (int i = 1; i < name.path().size() && value != null; i++) {
      value = in(value, name.path().get(i));
    }
    return value;
  }

  private @Nullable JsonNode nearest(String name, Scope scope) {
    return switch (name) {
      case "-first" -> BooleanNode.valueOf(scope.isFirst);
      case "-last" -> BooleanNode.valueOf(scope.isLast);
      case "-index" -> IntNode.valueOf(scope.index);
      default -> inScopes(name, scope);
    };
  }

  private @Nullable JsonNode inScopes(String name, Scope scope) {
    for (Scope at = scope; at != null; at = at.around) {
      JsonNode value = in(at.value, name);
      if (value != null) {
        return value;
      }
    }
    return BuiltInValues.isBuiltIn(name) ? builtIns.get(name) : null;
  }

  private @Nullable JsonNode in(JsonNode value, String name) {
    count(1 + name.length() / NAME_STEP);
    if (TemplateName.isItself(name)) {
      return value;
    }
    return switch (value) {
      case ArrayNode items -> items.get(index(name));
      // Parameters come from outside: they can't replace Errand's own values.
      case ObjectNode object when !BuiltInValues.isBuiltIn(name) -> object.get(name);
      default -> null;
    };
  }

  /** The index that a name is; -1 for another name. */
  static int index(String name) {
    int index = name.isEmpty() ? -1 : 0;
    for (int i = 0; i < name.length(); i++) {
      int digit = name.charAt(i) - '0';
      if (digit < 0 || digit > 9 || index > Integer.MAX_VALUE / 10 - 1) {
        return -1;
      }
      index = index * 10 + digit;
    }
    return index;
  }

  private void write(@Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return;
    }
    String more = value.isContainerNode() ? value.toString() : value.asText();
    if (!value.isTextual()) {
      // Long numbers take long to write.
      count((value.isContainerNode() ? JSON_STEPS : 0) + more.length());
    }
    write(more);
  }

  private void write(String more) {
    length += Math.min(LONGEST, more.length());
    for (int i = 0; i < more.length() && length <= LONGEST; i++) {
      char next = more.charAt(i);
      if (next < ' ' && next != '\n' && next != '\r' && next != '\t') {
        length += ESCAPED - 1;
      }
    }
    if (length > LONGEST) {
      throw new ApiException(
          ErrorCode.TOO_LARGE,
          "The prompt has more than " + LONGEST + " characters with these parameters.");
    }
    if (length > SHORT && mostSteps < MOST_STEPS) {
      throw new LongRenderingException();
    }
    if (!isMeasured) {
      text.append(more);
    }
  }

  private void count(int more) {
    steps += more;
    if (steps > mostSteps && mostSteps < MOST_STEPS) {
      throw new LongRenderingException();
    }
    if (steps > MOST_STEPS) {
      throw new ApiException(
          ErrorCode.TOO_LARGE,
          "The prompt takes more than "
              + MOST_STEPS
              + " steps with these parameters: send shorter lists, or nest fewer sections.");
    }
    if (steps >= nextLook) {
      nextLook = steps + STEPS_BETWEEN_LOOKS;
      if (nanoTime.getAsLong() - end > 0 || Thread.currentThread().isInterrupted()) {
        throw ApiException.retryLater(
            ErrorCode.UNAVAILABLE,
            "The prompt was not rendered within "
                + LONGEST_TIME.toSeconds()
                + " seconds, or the service stops. Try again.",
            LATER);
      }
    }
  }
}
