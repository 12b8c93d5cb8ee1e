package dev.errand.base.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.errand.base.database.StorableText;
import dev.errand.base.json.WellFormed;
import dev.errand.base.turn.FairPool;
import dev.errand.base.turn.WorkStoppedException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A condition in the Common Expression Language over named JSON values: parsed and checked once,
 * and evaluated within a bounded number of steps. It is thread-safe.
 */
public final class Condition {
  /** The most steps of an evaluation. */
  public static final int MOST_STEPS = 2_000_000;

  private static final int LONGEST = 4000;
  private static final int DEEPEST = 40;
  private static final int LONGEST_REASON = 200;

  // What the library holds of a condition, at the most, as measured: of each, and of a character of
  // one that is full of macros.
  private static final int BYTES_OF_EACH = 32_768;
  private static final int BYTES_OF_A_CHARACTER = 256;

  // What the library says of a field; of a key in brackets it says the key alone.
  private static final Pattern FIELD =
      Pattern.compile("(?:key|Error resolving field) '(.*)'.*", Pattern.DOTALL);

  private final CelRuntime.Program program;
  private final Costs costs;
  private final long bytes;

  private Condition(CelRuntime.Program program, Costs costs, int characters) {
    this.program = program;
    this.costs = costs;
    this.bytes = BYTES_OF_EACH + (long) characters * BYTES_OF_A_CHARACTER + costs.bytesOfPatterns();
  }

  /** What a variable of a condition is. */
  public enum Type {
    TEXT,
    TEXTS,
    OBJECT,
    ANY;

    // Not in fields, which would be made while a native executable is built.
    private CelType type() {
      return switch (this) {
        case TEXT -> SimpleType.STRING;
        case TEXTS -> ListType.create(SimpleType.STRING);
        case OBJECT -> MapType.create(SimpleType.STRING, SimpleType.DYN);
        case ANY -> SimpleType.DYN;
      };
    }
  }

  /** What a condition is of some values. */
  public sealed interface Result {}

  /** It is true. */
  public record Holds() implements Result {}

  /** It is false. */
  public record DoesNotHold() implements Result {}

  /**
   * It is neither.
   *
   * @param why the end of a sentence
   */
  public record Failed(String why) implements Result {}

  /**
   * Parses and checks a condition.
   *
   * @throws IllegalArgumentException that says what is wrong with it, and where: the end of a
   *     sentence
   */
  public static Condition of(String expression, Map<String, Type> variables) {
    if (expression.isBlank()) {
      throw new IllegalArgumentException("must be a condition, such as size(output) > 0");
    }
    if (expression.length() > LONGEST) {
      throw new IllegalArgumentException("has more than " + LONGEST + " characters");
    }
    if (!StorableText.is(expression)) {
      throw new IllegalArgumentException(StorableText.PROBLEM);
    }
    try {
      CelOptions options = options();
      CelCompilerBuilder compiler =
          CelCompilerFactory.standardCelCompilerBuilder()
              .setOptions(options)
              .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
              .setResultType(SimpleType.BOOL);
      variables.forEach((name, type) -> compiler.addVar(name, type.type()));
      CelAbstractSyntaxTree tree = compiler.build().compile(expression).getAst();
      Costs costs = Costs.of(tree);
      CelRuntime runtime =
          CelRuntimeFactory.plannerRuntimeBuilder()
              .setOptions(options)
              .setStandardFunctions(
                  CelStandardFunctions.newBuilder()
                      .excludeFunctions(CelStandardFunctions.StandardFunction.MATCHES)
                      .build())
              .addFunctionBindings(matches(costs))
              .build();
      return new Condition(runtime.createProgram(tree), costs, expression.length());
    } catch (CelValidationException e) {
      throw new IllegalArgumentException(problem(e, variables), e);
    } catch (CelEvaluationException e) {
      throw new IllegalArgumentException("can't be used: " + cut(e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("is too deep", e);
    }
  }

  // That of the library reads the pattern for each text. Costs don't change once they are made.
  @SuppressWarnings("Immutable")
  private static Iterable<CelFunctionBinding> matches(Costs costs) {
    return CelFunctionBinding.fromOverloads(
        "matches",
        CelFunctionBinding.from("matches", String.class, String.class, costs::matches),
        CelFunctionBinding.from("matches_string", String.class, String.class, costs::matches));
  }

  private static CelOptions options() {
    return CelOptions.current()
        .maxExpressionCodePointSize(LONGEST)
        .maxParseRecursionDepth(DEEPEST)
        .enableHeterogeneousNumericComparisons(true)
        .build();
  }

  private static String problem(CelValidationException e, Map<String, Type> variables) {
    CelIssue first = e.getErrors().getFirst();
    CelSourceLocation at = first.getSourceLocation();
    String message = first.getMessage().replace(" (in container '')", "");
    return cut(
        "is no condition in CEL over "
            + String.join(", ", variables.keySet())
            + ": line "
            + Math.max(1, at.getLine())
            + ", column "
            + (Math.max(0, at.getColumn()) + 1)
            + ": "
            + message);
  }

  /** How many bytes it takes at the most. */
  long bytes() {
    return bytes;
  }

  /** Whether it reads a variable. */
  public boolean reads(String variable) {
    return costs.reads(variable);
  }

  /**
   * Evaluates the condition.
   *
   * @param values those of its variables, each of which is given
   */
  public Result check(Map<String, ? extends JsonNode> values) {
    return check(values, new StepBudget(MOST_STEPS));
  }

  /**
   * Evaluates the condition with steps of a budget, of which it takes as many as one evaluation may
   * at most.
   *
   * @param values those of its variables, each of which is given
   */
  public Result check(Map<String, ? extends JsonNode> values, StepBudget budget) {
    Costs.Meter meter = costs.meter(Math.min(MOST_STEPS, budget.left()));
    try {
      return check(values, meter);
    } finally {
      budget.take(meter.taken());
    }
  }

  private Result check(Map<String, ? extends JsonNode> values, Costs.Meter meter) {
    try {
      Map<String, Object> given = new HashMap<>();
      for (Map.Entry<String, ? extends JsonNode> value : values.entrySet()) {
        if (reads(value.getKey())) {
          given.put(value.getKey(), meter.input(value.getKey(), value.getValue()));
        }
      }
      Object result = program.trace(given, meter);
      if (meter.isOver()) {
        return tooCostly();
      }
      return result instanceof Boolean holds
          ? holds ? new Holds() : new DoesNotHold()
          : new Failed("its value is not true or false");
    } catch (CelEvaluationException e) {
      // The library may have taken the end of its work for a failure of it.
      FairPool.check();
      return meter.isOver() ? tooCostly() : new Failed(reason(e));
    } catch (Costs.TooCostlyException | StackOverflowError e) {
      return tooCostly();
    } catch (WorkStoppedException e) {
      throw e;
    } catch (RuntimeException e) {
      return new Failed("its evaluation fails");
    }
  }

  private static Failed tooCostly() {
    return new Failed("it takes too many steps");
  }

  // A reason names parts of the condition, and no text of the values: they may be confidential, and
  // the reason is shown to more people than the values are.
  private String reason(CelEvaluationException e) {
    String message =
        String.valueOf(e.getMessage()).replaceFirst("^evaluation error( at \\S+)?: ", "");
    return switch (e.getErrorCode()) {
      case ATTRIBUTE_NOT_FOUND -> {
        Matcher field = FIELD.matcher(message);
        String key = field.matches() ? field.group(1) : message;
        yield costs.has(key) ? "'" + cut(key) + "' is absent" : "a key that it looks up is absent";
      }
      // These have numbers alone.
      case INDEX_OUT_OF_BOUNDS, DIVIDE_BY_ZERO, NUMERIC_OVERFLOW -> cut(message);
      case OVERLOAD_NOT_FOUND ->
          "an operator or a function in it gets a value of a type that it does not take";
      default ->
          "a part of it fails with "
              + e.getErrorCode().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    };
  }

  private static String cut(@Nullable String text) {
    return text == null ? "" : WellFormed.excerpt(text, LONGEST_REASON);
  }
}
