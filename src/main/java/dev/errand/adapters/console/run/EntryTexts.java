package dev.errand.adapters.console.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.base.json.Json;
import dev.errand.base.json.PrettyJson;
import dev.errand.models.message.Message;
import dev.errand.models.port.RunError;
import dev.errand.runs.entry.RunEntry;
import dev.errand.tools.mcp.wire.VisibleText;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the entries of runs say, as plain text with hidden characters written out. */
final class EntryTexts {
  // What the tool of this service, and the loop, write after a text that they cut.
  private static final Pattern CUT = Pattern.compile("\\[cut: ([^\\[\\]\n]{1,200})]\\s*\\z");
  private static final int CUT_WITHIN = 300;
  private static final int SHORT_LINE = 80;

  private EntryTexts() {}

  /** What an entry is, in some words. */
  static String title(RunEntry entry) {
    return VisibleText.of(
        switch (entry) {
          case RunEntry.Prompt _ -> "Prompt";
          case RunEntry.Repair _ -> "The answer does not fit";
          case RunEntry.Answer answer -> title(answer.message());
          case RunEntry.FinalMessage _ -> "Answer";
          case RunEntry.ToolCallRequested(var call) -> "Call of " + call.name();
          case RunEntry.ToolResult result -> title(result);
          case RunEntry.Failure failure -> ended(failure);
          case RunEntry.Retried _ -> "Retried";
          case RunEntry.LogLine log -> "Log of " + log.tool();
          case RunEntry.Warning warning -> "Warning: " + warning.code();
          case RunEntry.FailedTry failed -> "Warning: " + failed.code();
          case RunEntry.ApprovalRequested requested -> "Approval of " + requested.tool();
          case RunEntry.ApprovalDecided decided ->
              decided.tool()
                  + " "
                  + decided.status()
                  + (decided.by() == null ? "" : " by " + decided.by());
          case RunEntry.Unknown unknown -> unknown.isWarning() ? "Warning" : "Note";
        });
  }

  private static String title(Message.Assistant message) {
    List<String> tools = message.toolCalls().stream().map(Message.ToolCall::name).toList();
    return tools.isEmpty() ? "Model" : "Model calls " + String.join(", ", tools);
  }

  private static String title(RunEntry.ToolResult result) {
    // Entries of earlier versions don't name it.
    String named = result.tool();
    String tool = named == null || named.isEmpty() ? "The tool" : named;
    if (result.message().isDeclined()) {
      return tool + " was declined";
    }
    if (result.hasFailed()) {
      return tool + " failed";
    }
    return named == null || named.isEmpty() ? "Result" : "Result of " + named;
  }

  private static String ended(RunEntry.Failure failure) {
    return isCancel(failure) ? "Cancelled" : "Failed: " + failure.code();
  }

  /** Whether somebody cancelled the run. */
  static boolean isCancel(RunEntry.Failure failure) {
    return failure.code().equals(RunError.CANCELLED.code());
  }

  /** All that an entry says; empty where that is only its title. */
  static String text(RunEntry entry, Json json) {
    return text(entry, json, Integer.MAX_VALUE);
  }

  /**
   * What an entry says, or the beginning of JSON in it.
   *
   * @param most how many characters are wanted; where there are more, more are returned
   */
  static String text(RunEntry entry, Json json, int most) {
    return switch (entry) {
      case RunEntry.ToolCallRequested(var call) -> arguments(call.arguments(), most);
      case RunEntry.ToolResult result -> output(result.message().text(), json, most);
      case RunEntry.Prompt _,
          RunEntry.Repair _,
          RunEntry.Answer _,
          RunEntry.FinalMessage _,
          RunEntry.Failure _,
          RunEntry.Retried _,
          RunEntry.LogLine _,
          RunEntry.Warning _,
          RunEntry.FailedTry _,
          RunEntry.ApprovalRequested _,
          RunEntry.ApprovalDecided _,
          RunEntry.Unknown _ ->
          VisibleText.ofProse(raw(entry));
    };
  }

  /** The text of an entry as it was written. */
  static String raw(RunEntry entry) {
    return switch (entry) {
      case RunEntry.Prompt prompt -> prompt.message().text();
      case RunEntry.Repair repair -> repair.message().text();
      case RunEntry.Answer answer -> answer.message().text();
      case RunEntry.FinalMessage last -> last.message().output();
      case RunEntry.ToolCallRequested(var call) ->
          call.arguments().isTextual() ? call.arguments().asText() : call.arguments().toString();
      case RunEntry.ToolResult result -> result.message().text();
      case RunEntry.Failure failure -> failure.sentence();
      case RunEntry.Retried _ -> "";
      case RunEntry.LogLine log -> log.line();
      case RunEntry.Warning warning -> warning.sentence();
      case RunEntry.FailedTry failed -> failed.sentence();
      case RunEntry.ApprovalRequested requested ->
          (requested.mayHaveRun()
                  ? "This call was begun before, and may have been made. A person decides what"
                      + " happens until "
                  : "A person decides about this call until ")
              + PageTime.of(requested.expiresAt()).text()
              + ".";
      case RunEntry.ApprovalDecided decided -> decided.reason() == null ? "" : decided.reason();
      case RunEntry.Unknown unknown -> unknown.text();
    };
  }

  /** Arguments of a call: those without any are empty, and short ones have one line. */
  private static String arguments(JsonNode arguments, int most) {
    if (arguments.isTextual()) {
      return VisibleText.ofProse(arguments.asText());
    }
    if (arguments.isObject() && arguments.isEmpty()) {
      return "";
    }
    String line = arguments.toString();
    return VisibleText.ofJson(line.length() <= SHORT_LINE ? line : PrettyJson.of(arguments, most));
  }

  private static String output(String text, Json json, int most) {
    return json.parse(text)
        .filter(JsonNode::isContainerNode)
        .map(parsed -> VisibleText.ofJson(PrettyJson.of(parsed, most)))
        .orElseGet(() -> VisibleText.ofProse(text));
  }

  /** How much of a result is missing that was cut before the model got it; null for nothing. */
  static @Nullable String cut(String output) {
    Matcher mark =
        CUT.matcher(output).region(Math.max(0, output.length() - CUT_WITHIN), output.length());
    return mark.find() ? VisibleText.of(mark.group(1)) : null;
  }
}
