package dev.errand.base.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationListener;
import dev.errand.base.limit.LinearPattern;
import dev.errand.base.turn.FairPool;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the evaluation of an expression may cost. Each value that a part of it has is charged by its
 * size, since a part takes no longer than the sizes of the values that it is made of; the
 * exceptions are found in the expression beforehand.
 */
final class Costs {
  // Where a text or a regular expression is sought in another text.
  private final Map<Long, LinearPattern> patterns = new HashMap<>();
  private final Map<String, LinearPattern> byText = new HashMap<>();
  private final Set<Long> sought = new HashSet<>();
  // The library goes through the whole value of a variable whenever a part of it is read.
  private final Map<Long, String> roots = new HashMap<>();
  private final Map<Long, List<String>> ranges = new HashMap<>();
  private final Set<String> read = new HashSet<>();
  private final Set<String> texts = new HashSet<>();

  private Costs() {}

  /**
   * Looks at a checked expression.
   *
   * @throws IllegalArgumentException that says what it may not have: the end of a sentence
   */
  static Costs of(CelAbstractSyntaxTree tree) {
    Costs costs = new Costs();
    costs.add(tree.getExpr());
    return costs;
  }

  boolean reads(String variable) {
    return read.contains(variable);
  }

  /** Whether the expression itself has that text: as a literal, or as the name of a field. */
  boolean has(String text) {
    return texts.contains(text);
  }

  private void add(CelExpr part) {
    switch (part.exprKind().getKind()) {
      // A dot before it says that it is no variable of a macro.
      case IDENT -> addRoot(part, part.ident().name().replaceFirst("^[.]", ""));
      case SELECT -> {
        texts.add(part.select().field());
        CelExpr operand = part.select().operand();
        add(operand);
        Optional.ofNullable(roots.get(operand.id())).ifPresent(name -> addRoot(part, name));
      }
      case CALL -> addCall(part.call());
      case LIST -> part.list().elements().forEach(this::add);
      case MAP ->
          part.map()
              .entries()
              .forEach(
                  entry -> {
                    add(entry.key());
                    add(entry.value());
                  });
      case COMPREHENSION -> addComprehension(part.comprehension());
      case STRUCT ->
          throw new IllegalArgumentException(
              "has a message, which is not supported: use a map, as {\"name\": 1}");
      case CONSTANT -> {
        switch (part.constant().getKind()) {
          case STRING_VALUE -> texts.add(part.constant().stringValue());
          case BYTES_VALUE -> throw hasBytes();
          default -> {}
        }
      }
      case NOT_SET -> {}
    }
  }

  private static IllegalArgumentException hasBytes() {
    return new IllegalArgumentException("has bytes, which are not supported: compare texts");
  }

  private void addRoot(CelExpr part, String name) {
    roots.put(part.id(), name);
    read.add(name);
  }

  private void addCall(CelExpr.CelCall call) {
    List<CelExpr> values = new ArrayList<>();
    call.target().ifPresent(values::add);
    values.addAll(call.args());
    values.forEach(this::add);
    switch (call.function()) {
      case "contains" -> sought.add(values.getLast().id());
      case "bytes" -> throw hasBytes();
      case "matches" -> patterns.put(values.getFirst().id(), pattern(values.getLast()));
      default -> {}
    }
  }

  private LinearPattern pattern(CelExpr regex) {
    if (regex.exprKind().getKind() != CelExpr.ExprKind.Kind.CONSTANT
        || regex.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
      throw new IllegalArgumentException(
          "has a pattern in matches that is no text in quotation marks");
    }
    String text = regex.constant().stringValue();
    LinearPattern known = byText.get(text);
    if (known != null) {
      return known;
    }
    LinearPattern pattern;
    try {
      pattern = LinearPattern.of(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("has a pattern in matches that " + e.getMessage(), e);
    }
    FairPool.check(pattern.stepsToRead());
    byText.put(text, pattern);
    try {
      LinearPattern.checkTogether(byText.values());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("has patterns in matches that " + e.getMessage(), e);
    }
    return pattern;
  }

  /** How many bytes its patterns take at the most. */
  long bytesOfPatterns() {
    return byText.values().stream().mapToLong(LinearPattern::bytes).sum();
  }

  /** Whether a pattern of the expression is found in a text. */
  boolean matches(String text, String pattern) {
    return Objects.requireNonNull(byText.get(pattern)).isFoundIn(text);
  }

  private void addComprehension(CelExpr.CelComprehension comprehension) {
    CelExpr range = comprehension.iterRange();
    add(range);
    ranges.put(range.id(), List.of(comprehension.iterVar(), comprehension.iterVar2()));
    add(comprehension.accuInit());
    add(comprehension.loopCondition());
    add(comprehension.loopStep());
    add(comprehension.result());
  }

  Meter meter(long most) {
    return new Meter(most);
  }

  /** Counts the steps of one evaluation, and ends it when they are too many. */
  final class Meter implements CelEvaluationListener {
    private static final int CHARACTERS_IN_A_STEP = 8;
    private static final int SOUGHT_IN_A_STEP = 1024;
    private static final int MATCHED_IN_A_STEP = 4;

    private final long most;
    private final Map<String, Long> sizes = new HashMap<>();
    private long longest;
    private long taken;

    private Meter(long most) {
      this.most = most;
    }

    boolean isOver() {
      return taken > most;
    }

    long taken() {
      return taken;
    }

    /** The value of a variable as the library takes it. */
    Object input(String name, JsonNode value) {
      long before = taken;
      Object input = input(value);
      sizes.put(name, taken - before);
      return input;
    }

    private Object input(JsonNode value) {
      take(1);
      return switch (value.getNodeType()) {
        case STRING -> {
          charge(value.textValue());
          yield value.textValue();
        }
        case BOOLEAN -> value.booleanValue();
        case NUMBER ->
            value.isIntegralNumber() && value.canConvertToLong()
                ? (Object) value.longValue()
                : (Object) value.doubleValue();
        case ARRAY -> {
          List<Object> items = new ArrayList<>(value.size());
          value.forEach(item -> items.add(input(item)));
          yield items;
        }
        case OBJECT -> {
          Map<String, Object> entries = new LinkedHashMap<>();
          value.properties().forEach(entry -> entries.put(entry.getKey(), input(entry.getValue())));
          yield entries;
        }
        case NULL, MISSING, BINARY, POJO -> NullValue.NULL_VALUE;
      };
    }

    @Override
    public void callback(CelExpr part, @Nullable Object value) {
      String root = roots.get(part.id());
      if (root != null) {
        take(sizes.getOrDefault(root, 0L));
      }
      List<String> names = ranges.get(part.id());
      if (names == null) {
        charge(value);
      } else {
        long largest = largest(value);
        names.forEach(name -> sizes.merge(name, largest, Math::max));
      }
      if (value instanceof String text) {
        if (sought.contains(part.id())) {
          take(longest * text.length() / SOUGHT_IN_A_STEP);
        }
        LinearPattern pattern = patterns.get(part.id());
        if (pattern != null) {
          take(pattern.steps(text) / MATCHED_IN_A_STEP);
        }
      }
    }

    // The largest of the values that it is gone through for.
    private long largest(@Nullable Object value) {
      take(1);
      long largest = 0;
      if (value instanceof Map<?, ?> entries) {
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
          largest = Math.max(largest, charge(entry.getKey()) + charge(entry.getValue()));
        }
      } else if (value instanceof Collection<?> items) {
        for (Object item : items) {
          largest = Math.max(largest, charge(item));
        }
      }
      return largest;
    }

    private long charge(@Nullable Object value) {
      long before = taken;
      take(1);
      switch (value) {
        case String text -> {
          longest = Math.max(longest, text.length());
          take(text.length() / CHARACTERS_IN_A_STEP);
        }
        case CelByteString bytes -> take(bytes.size() / CHARACTERS_IN_A_STEP);
        case Collection<?> items -> items.forEach(this::charge);
        case Map<?, ?> entries ->
            entries.forEach(
                (name, each) -> {
                  charge(name);
                  charge(each);
                });
        case null, default -> {}
      }
      return taken - before;
    }

    private void take(long steps) {
      FairPool.check(steps);
      taken += steps;
      if (taken > most) {
        throw new TooCostlyException();
      }
    }
  }

  /** The evaluation takes too many steps. */
  static final class TooCostlyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooCostlyException() {
      super("The evaluation takes too many steps.", null, false, false);
    }
  }
}
