package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.base.json.Json;
import dev.errand.base.json.PrettyJson;
import dev.errand.tools.install.ToolTrials.LogLine;
import dev.errand.tools.install.ToolTrials.ToolTrial;
import dev.errand.tools.mcp.wire.VisibleText;
import dev.errand.tools.port.Content;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a tool, as a page shows it.
 *
 * @param isError whether it is an error
 * @param parts the parts of the answer
 * @param isCut whether not all of it is shown
 */
public record TrialResult(
    boolean isError, String took, List<AnswerPart> parts, List<LoggedLine> logs, boolean isCut) {
  // Longer texts, and JSON that is longer, are folded.
  private static final int SHORT = 600;
  private static final int MOST_CHARACTERS = 24_000;
  private static final int MOST_PICTURES = 8_000_000;
  private static final int MOST_LOGGED = 5_000;
  private static final int WARNING = 40;
  private static final int ERROR = 50;

  // Types of pictures that browsers show and that can't contain scripts.
  private static final Set<String> PICTURES =
      Set.of("image/png", "image/jpeg", "image/gif", "image/webp");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]+={0,2}");

  /**
   * A part of an answer: one of these, or a note.
   *
   * @param text a short text; null for none
   * @param fold a longer, folded one; null for none
   * @param summary the title of the folded text
   * @param picture the address of a picture, which holds all of it; null for none
   * @param note a note; null for none
   */
  public record AnswerPart(
      @Nullable String text,
      @Nullable String fold,
      String summary,
      @Nullable String picture,
      @Nullable String note) {}

  /** A line that it logged. */
  public record LoggedLine(String level, String text) {}

  static TrialResult of(ToolTrial trial, Duration took, Json json) {
    List<AnswerPart> parts = new ArrayList<>();
    int left = MOST_CHARACTERS;
    int leftOfPictures = MOST_PICTURES;
    boolean isCut = false;
    for (Content content : trial.result().content()) {
      switch (content) {
        case Content.Text(var text) -> {
          String shown = Excerpt.of(pretty(text, json, left), left);
          isCut |= shown.length() > left || left == 0;
          left = Math.max(0, left - shown.length() - 100);
          parts.add(text(shown, text, json));
        }
        case Content.Described(var text, var _) -> {
          String shown = Excerpt.of(VisibleText.ofProse(text), left);
          isCut |= shown.length() > left || left == 0;
          left = Math.max(0, left - shown.length() - 100);
          parts.add(text(shown, text, json));
        }
        case Content.Image(var data, var mimeType) -> {
          leftOfPictures -= data.length();
          left = Math.max(0, left - 100);
          parts.add(picture(data, mimeType, leftOfPictures >= 0));
        }
      }
    }
    List<LoggedLine> logs = new ArrayList<>();
    int leftOfLogs = MOST_LOGGED;
    for (LogLine line : trial.logs()) {
      if (leftOfLogs > 0) {
        logs.add(
            new LoggedLine(
                level(line.level()), Excerpt.of(VisibleText.ofProse(line.msg()), leftOfLogs)));
        leftOfLogs -= line.msg().length() + 50;
      } else {
        isCut = true;
      }
    }
    return new TrialResult(
        trial.result().isError(), Amounts.duration(took), parts, logs, isCut || leftOfLogs < 0);
  }

  private static AnswerPart text(String shown, String all, Json json) {
    boolean isJson = container(all, json).isPresent();
    return shown.length() > SHORT
        ? new AnswerPart(null, shown, isJson ? "JSON" : "Text", null, null)
        : new AnswerPart(shown, null, "", null, null);
  }

  private static String pretty(String text, Json json, int most) {
    return container(text, json)
        .map(parsed -> VisibleText.ofJson(PrettyJson.of(parsed, most)))
        .orElseGet(() -> VisibleText.ofProse(text));
  }

  private static Optional<JsonNode> container(String text, Json json) {
    return json.parse(text).filter(JsonNode::isContainerNode);
  }

  private static AnswerPart picture(String data, String mimeType, boolean hasRoom) {
    boolean isShown = hasRoom && PICTURES.contains(mimeType) && BASE64.matcher(data).matches();
    return isShown
        ? new AnswerPart(null, null, "", "data:" + mimeType + ";base64," + data, null)
        : new AnswerPart(
            null,
            null,
            "",
            null,
            "An image of the type %s (%s bytes) is not shown here."
                .formatted(Excerpt.of(mimeType, SHORT), Amounts.number(data.length() / 4 * 3L)));
  }

  private static String level(int level) {
    return level >= ERROR ? "error" : level >= WARNING ? "warning" : "log";
  }
}
