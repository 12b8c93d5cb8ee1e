package dev.errand.runs.history;

import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Usage that is sent as comma-separated values (RFC 4180) while it is read: a line for each task
 * and day.
 */
public record UsageCsv(LocalDate from, LocalDate to, Consumer<Consumer<UsageLine>> lines) {
  public static final String MEDIA_TYPE = "text/csv";

  /** The header field that makes browsers store the answer as a file. */
  public static final String DISPOSITION = "Content-Disposition";

  private static final String END = "\r\n";
  // A spreadsheet treats a cell that begins with one of these as a formula.
  private static final String BEGIN_FORMULAS = "=+-@\t\r\n";

  // New columns come last, for readers that go by position.
  private static final List<String> NAMES =
      List.of(
          "day",
          "task",
          "deleted",
          "runs_ready",
          "runs_error",
          "prompt_tokens",
          "completion_tokens",
          "cached_tokens",
          "reasoning_tokens",
          "total_tokens",
          "steps",
          "tool_calls",
          "model_ms",
          "tool_ms",
          "cost_usd",
          "cache_write_tokens",
          "tool_errors");

  public String disposition() {
    return "attachment; filename=\"usage-" + from + "-" + to + ".csv\"";
  }

  /** The line with the names of the columns. */
  static String names() {
    return String.join(",", NAMES) + END;
  }

  static String text(UsageLine line) {
    UsageSum used = line.used();
    return Stream.<@Nullable Object>of(
            line.day(),
            cell(line.task()),
            line.deleted(),
            used.runsReady(),
            used.runsError(),
            used.promptTokens(),
            used.completionTokens(),
            used.cachedTokens(),
            used.reasoningTokens(),
            used.totalTokens(),
            used.steps(),
            used.toolCalls(),
            used.modelMs(),
            used.toolMs(),
            used.costUsd() == null ? null : used.costUsd().toPlainString(),
            used.cacheWriteTokens(),
            used.toolErrors())
        .map(value -> Objects.toString(value, ""))
        .collect(Collectors.joining(",", "", END));
  }

  /** A text that a spreadsheet shows unchanged, and does not evaluate. */
  static String cell(String text) {
    String harmless =
        !text.isEmpty() && BEGIN_FORMULAS.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    boolean isPlain = harmless.chars().noneMatch(one -> ",\"\r\n".indexOf(one) >= 0);
    return isPlain ? harmless : '"' + harmless.replace("\"", "\"\"") + '"';
  }
}
