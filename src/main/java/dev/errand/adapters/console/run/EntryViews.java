package dev.errand.adapters.console.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.run.EntryView.EntryText;
import dev.errand.adapters.console.run.EntryView.Fold;
import dev.errand.base.json.Json;
import dev.errand.models.message.Message;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.TimedEntry;
import dev.errand.tools.mcp.wire.VisibleText;
import dev.errand.tools.port.ToolEgress;
import io.quarkus.qute.RawString;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Shows the entries of runs. Texts of users, models and tools are shown as text, or rendered
 * safely.
 */
@ApplicationScoped
class EntryViews {
  // Longer plain texts are folded.
  private static final int SHORT = 600;

  private final Json json;

  EntryViews(Json json) {
    this.json = json;
  }

  /**
   * An entry.
   *
   * @param most how many characters of a text are shown
   * @param run the address of the page of the run
   */
  EntryView of(int number, TimedEntry timed, int most, String run) {
    RunEntry entry = timed.entry();
    String address = run + "/entries/" + number;
    return new EntryView(
        number,
        PageTime.of(timed.time()),
        took(entry),
        shown(entry, most),
        pictures(entry, address),
        address);
  }

  private EntryText shown(RunEntry entry, int most) {
    return switch (entry) {
      // A prompt is the text of a template: its line breaks are kept.
      case RunEntry.Prompt prompt -> plain("user", "Prompt", prompt.message().text(), most);
      case RunEntry.Repair repair ->
          plain("user", "The answer does not fit", repair.message().text(), most);
      case RunEntry.Answer answer -> answer(answer.message(), most);
      case RunEntry.FinalMessage last -> markdown("final", "Answer", last.message().output(), most);
      case RunEntry.ToolCallRequested(var call) -> request(call, most);
      case RunEntry.ToolResult result -> result(result, most);
      case RunEntry.Failure failure ->
          plain("failed", "Failed: " + failure.code(), failure.sentence(), most);
      case RunEntry.Retried _ -> new EntryText("warning", "Retried", null, null, List.of(), false);
      case RunEntry.LogLine log ->
          line(log.isWarning(), "Log of " + log.tool(), "", log.line(), most);
      case RunEntry.Warning warning ->
          line(true, "Warning", warning.code(), warning.sentence(), most);
      case RunEntry.FailedTry failed ->
          line(true, "Warning", failed.code(), failed.sentence(), most);
      case RunEntry.ApprovalRequested requested -> requested(requested);
      case RunEntry.ApprovalDecided decided -> decided(decided, most);
      case RunEntry.Unknown unknown ->
          line(
              unknown.isWarning(),
              unknown.isWarning() ? "Warning" : "Note",
              "",
              unknown.text(),
              most);
    };
  }

  private static EntryText requested(RunEntry.ApprovalRequested requested) {
    String text =
        requested.mayHaveRun()
            ? "This call was begun before, and may have been made. A person decides what happens"
                + " until "
            : "A person decides about this call until ";
    return new EntryText(
        "note",
        "Approval of " + requested.tool(),
        null,
        text + PageTime.of(requested.expiresAt()).text() + ".",
        List.of(),
        false);
  }

  private static EntryText decided(RunEntry.ApprovalDecided decided, int most) {
    String by = decided.by() == null ? "" : " by " + decided.by();
    String reason = decided.reason() == null ? "" : decided.reason();
    List<Fold> folds =
        decided.arguments() == null
            ? List.of()
            : List.of(
                new Fold(
                    "Changed arguments",
                    Excerpt.of(VisibleText.ofJson(decided.arguments().toPrettyString()), most)));
    return new EntryText(
        "note",
        decided.tool() + " " + decided.status() + by,
        null,
        reason.isEmpty() ? null : Excerpt.of(VisibleText.of(reason), most),
        folds,
        reason.length() > most);
  }

  private static EntryText answer(Message.Assistant message, int most) {
    List<String> tools = message.toolCalls().stream().map(Message.ToolCall::name).toList();
    String title = tools.isEmpty() ? "Model" : "Model calls " + String.join(", ", tools);
    return markdown("assistant", title, message.text(), most);
  }

  private static EntryText markdown(String kind, String title, String text, int most) {
    String part = Excerpt.of(text, most);
    String html = part.isEmpty() ? null : MarkdownText.html(part);
    return new EntryText(
        kind,
        title,
        html == null ? null : new RawString(html),
        html == null && !part.isEmpty() ? part : null,
        List.of(),
        text.length() > most);
  }

  private static EntryText request(Message.ToolCall call, int most) {
    JsonNode arguments = call.arguments();
    String text = arguments.isTextual() ? arguments.asText() : arguments.toPrettyString();
    boolean isNone = arguments.isObject() && arguments.isEmpty();
    return new EntryText(
        "tool",
        "Call of " + call.name(),
        null,
        null,
        isNone ? List.of() : List.of(new Fold("Arguments", Excerpt.of(text, most))),
        text.length() > most);
  }

  private EntryText result(RunEntry.ToolResult result, int most) {
    String text = result.message().text();
    String pretty =
        json.parse(text)
            .filter(JsonNode::isContainerNode)
            .map(JsonNode::toPrettyString)
            .orElse(text);
    String part = Excerpt.of(pretty, most);
    List<Fold> folds = new ArrayList<>();
    boolean isFolded = part.length() > SHORT;
    if (isFolded) {
      folds.add(new Fold("Answer of the tool", part));
    }
    int requests = result.egress().size();
    if (requests > 0) {
      folds.add(
          new Fold(
              requests == 1 ? "A request" : requests + " requests", requests(result.egress())));
    }
    return new EntryText(
        result.isError() ? "failed" : "tool",
        title(result.tool(), result.isError()),
        null,
        isFolded || part.isEmpty() ? null : part,
        folds,
        pretty.length() > most);
  }

  private static String title(@Nullable String tool, boolean isError) {
    // Entries of earlier versions don't name it.
    if (tool == null || tool.isEmpty()) {
      return isError ? "The tool failed" : "Result";
    }
    return isError ? tool + " failed" : "Result of " + tool;
  }

  private static @Nullable String took(RunEntry entry) {
    if (entry instanceof RunEntry.ToolResult result) {
      return result.ms() == null ? null : Amounts.milliseconds(result.ms());
    }
    RunEntry.Asked asked = entry.asked();
    return asked == null ? null : Amounts.milliseconds(asked.ms());
  }

  private static String requests(List<ToolEgress> requests) {
    StringBuilder lines = new StringBuilder();
    for (ToolEgress request : requests) {
      lines
          .append(request.method())
          .append(' ')
          .append(request.host())
          .append(", ")
          .append(Amounts.milliseconds(request.ms()))
          .append(": ")
          .append(end(request))
          .append('\n');
    }
    return lines.toString();
  }

  private static String end(ToolEgress request) {
    if (request.status() != null) {
      return request.status() + ", " + Amounts.number(request.bytes()) + " bytes";
    }
    return request.refused() != null
        ? "refused: " + request.refused()
        : "failed: " + request.failed();
  }

  private static List<String> pictures(RunEntry entry, String address) {
    return IntStream.range(0, entry.pictures().size())
        .mapToObj(index -> address + "/pictures/" + index)
        .toList();
  }

  private static EntryText line(
      boolean isWarning, String title, String code, String text, int most) {
    return plain(
        isWarning ? "warning" : "log", code.isEmpty() ? title : title + ": " + code, text, most);
  }

  private static EntryText plain(String kind, String title, String text, int most) {
    return new EntryText(
        kind, title, null, Excerpt.of(text, most), List.of(), text.length() > most);
  }
}
