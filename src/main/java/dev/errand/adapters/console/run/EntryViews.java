package dev.errand.adapters.console.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.run.EntryView.Fold;
import dev.errand.adapters.console.show.Amounts;
import dev.errand.adapters.console.show.Excerpt;
import dev.errand.adapters.console.show.PageTime;
import dev.errand.base.json.Json;
import dev.errand.runs.queue.record.RunEntries;
import io.quarkus.qute.RawString;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
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
   * @param entry a JSON object, as clients see it
   * @param most how many characters of a text are shown
   * @param run the address of the page of the run
   */
  EntryView of(int number, String entry, int most, String run) {
    JsonNode read = json.tree(entry);
    String address = run + "/entries/" + number;
    PageTime time = PageTime.of(Instant.ofEpochMilli(read.path("time").asLong()));
    Shown shown = shown(read, most);
    return new EntryView(
        number,
        shown.kind,
        shown.title,
        read.has("ms") ? took(read) : null,
        time,
        shown.html == null ? null : new RawString(shown.html),
        shown.text,
        shown.folds,
        pictures(read, address),
        address,
        shown.cut);
  }

  /** The parts of a view without its number and its time. */
  private record Shown(
      String kind,
      String title,
      @Nullable String html,
      @Nullable String text,
      List<Fold> folds,
      boolean cut) {}

  private Shown shown(JsonNode entry, int most) {
    String msg = entry.path("msg").asText();
    return switch (msg) {
      case "message" -> message(entry.path("exchange"), most);
      case "final message" -> finalMessage(entry.path("lastMessage"), most);
      case "call tool request" -> request(entry.path("params"), most);
      case "call tool result" -> result(entry, most);
      case "run failed" ->
          plain(
              "failed",
              "Failed: " + entry.path("code").asText(),
              entry.path("error").asText(),
              most);
      case "run taken up again" -> new Shown("warning", "Retried", null, null, List.of(), false);
      default -> line(entry, msg, most);
    };
  }

  private Shown message(JsonNode message, int most) {
    String role = message.path("role").asText();
    String text = text(message.path("content"));
    if (!role.equals("assistant")) {
      // A prompt is the text of a template: its line breaks are kept.
      String title = role.equals("user") ? "Prompt" : role.isEmpty() ? "Message" : role;
      return plain("user", title, text, most);
    }
    List<String> tools = new ArrayList<>();
    for (JsonNode call : message.path("tool_calls")) {
      tools.add(call.path("function").path("name").asText());
    }
    String title = tools.isEmpty() ? "Model" : "Model calls " + String.join(", ", tools);
    return markdown("assistant", title, text, most);
  }

  private static Shown finalMessage(JsonNode message, int most) {
    return markdown("final", "Answer", text(message.path("content")), most);
  }

  private static Shown markdown(String kind, String title, String text, int most) {
    String part = Excerpt.of(text, most);
    String html = part.isEmpty() ? null : MarkdownText.html(part);
    return new Shown(
        kind,
        title,
        html,
        html == null && !part.isEmpty() ? part : null,
        List.of(),
        text.length() > most);
  }

  private Shown request(JsonNode params, int most) {
    JsonNode arguments = params.path("arguments");
    String text = arguments.isTextual() ? arguments.asText() : arguments.toPrettyString();
    boolean isNone = arguments.isMissingNode() || (arguments.isEmpty() && arguments.isObject());
    return new Shown(
        "tool",
        "Call of " + params.path("name").asText(),
        null,
        null,
        isNone ? List.of() : List.of(new Fold("Arguments", Excerpt.of(text, most))),
        text.length() > most);
  }

  private Shown result(JsonNode entry, int most) {
    String text = text(entry.path("exchange").path("content"));
    boolean isError = entry.path("is_error").asBoolean();
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
    int requests = entry.path("egress").size();
    if (requests > 0) {
      folds.add(new Fold(requests == 1 ? "A request" : requests + " requests", requests(entry)));
    }
    return new Shown(
        isError ? "failed" : "tool",
        title(entry.path("tool").asText(), isError),
        null,
        isFolded || part.isEmpty() ? null : part,
        folds,
        pretty.length() > most);
  }

  private static String title(String tool, boolean isError) {
    // Entries of earlier versions don't name it.
    if (tool.isEmpty()) {
      return isError ? "The tool failed" : "Result";
    }
    return isError ? tool + " failed" : "Result of " + tool;
  }

  private static String took(JsonNode timed) {
    return Amounts.duration(Duration.ofMillis(timed.path("ms").asLong()));
  }

  private static String requests(JsonNode entry) {
    StringBuilder lines = new StringBuilder();
    for (JsonNode request : entry.path("egress")) {
      lines
          .append(request.path("method").asText())
          .append(' ')
          .append(request.path("host").asText())
          .append(", ")
          .append(took(request))
          .append(": ")
          .append(end(request))
          .append('\n');
    }
    return lines.toString();
  }

  private static String end(JsonNode request) {
    if (request.has("status")) {
      return request.path("status").asText()
          + ", "
          + Amounts.number(request.path("bytes").asLong())
          + " bytes";
    }
    return request.has("refused")
        ? "refused: " + request.path("refused").asText()
        : "failed: " + request.path("failed").asText();
  }

  private static List<String> pictures(JsonNode entry, String address) {
    return IntStream.range(0, entry.path("attachments").size())
        .mapToObj(index -> address + "/pictures/" + index)
        .toList();
  }

  private static Shown line(JsonNode entry, String msg, int most) {
    boolean isWarning = entry.path("level").asInt() >= RunEntries.WARNING;
    String tool = entry.path("tool").asText();
    String code = entry.path("code").asText();
    String title = tool.isEmpty() ? (isWarning ? "Warning" : "Note") : "Log of " + tool;
    return plain(
        isWarning ? "warning" : "log", code.isEmpty() ? title : title + ": " + code, msg, most);
  }

  private static Shown plain(String kind, String title, String text, int most) {
    return new Shown(kind, title, null, Excerpt.of(text, most), List.of(), text.length() > most);
  }

  /** The text of a message's content, which is a text or a list of parts. */
  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.asText();
    }
    StringBuilder all = new StringBuilder();
    for (JsonNode part : content) {
      String text =
          part.path("text").isTextual()
              ? part.path("text").asText()
              : "[" + part.path("type").asText("part") + "]";
      all.append(all.isEmpty() ? "" : "\n").append(text);
    }
    return all.toString();
  }

  /** An entry as indented JSON. */
  String pretty(String entry) {
    return json.tree(entry) instanceof ObjectNode object ? object.toPrettyString() : entry;
  }
}
