package dev.errand.adapters.console.run;

import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.run.EntryView.EntryText;
import dev.errand.adapters.console.run.EntryView.Fold;
import dev.errand.adapters.console.run.EntryView.Hit;
import dev.errand.adapters.console.run.EntryView.ToolUse;
import dev.errand.base.json.Json;
import dev.errand.base.json.PrettyJson;
import dev.errand.base.json.WellFormed;
import dev.errand.base.markdown.MarkdownText;
import dev.errand.models.port.Usage;
import dev.errand.runs.entry.RunEntry;
import dev.errand.tools.mcp.wire.VisibleText;
import dev.errand.tools.port.ToolEgress;
import io.quarkus.qute.RawString;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Shows the entries of runs. Texts of users, models and tools are shown as text, or rendered
 * safely.
 */
@ApplicationScoped
class EntryViews {
  // Longer plain texts are folded, and so are longer arguments.
  private static final int SHORT = 600;
  private static final int SHORT_ARGUMENTS = 300;
  // How much is shown around what was searched for.
  private static final int AROUND = 200;
  private static final Set<String> COMMON_TIERS = Set.of("default", "on_demand", "standard");

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
  EntryView of(NumberedEntry numbered, int most, String run) {
    return view(numbered, shown(numbered.entry(), most), run);
  }

  /**
   * The last message of a run whose page shows it at the top.
   *
   * @param run the address of the page of the run
   */
  EntryView ofAnswerAbove(NumberedEntry numbered, String run) {
    String title = EntryTexts.title(numbered.entry());
    return view(
        numbered,
        new EntryText(
            EntryKind.FINAL,
            title,
            null,
            null,
            null,
            List.of(),
            "It is at the top of this page.",
            false),
        run);
  }

  /**
   * An entry, from where it has a text on.
   *
   * @param searched what was searched for, in lower case
   * @param run as for {@link #of}
   */
  EntryView ofHit(NumberedEntry numbered, String searched, int most, String run) {
    EntryText all = shown(numbered.entry(), most);
    String text = EntryTexts.text(numbered.entry(), json);
    int at = text.toLowerCase(Locale.ROOT).indexOf(searched);
    // A few characters are longer in lower case.
    int end = at + searched.length();
    if (at < 0 || end > text.length()) {
      return view(numbered, all, run);
    }
    int begin = WellFormed.boundary(text, Math.max(0, at - AROUND));
    Hit hit =
        new Hit(
            (begin > 0 ? "…" : "") + text.substring(begin, at),
            text.substring(at, end),
            Excerpt.of(text.substring(end), AROUND));
    boolean isPart = begin > 0 || text.length() - end > AROUND;
    return view(
        numbered,
        new EntryText(all.kind(), all.title(), null, null, hit, List.of(), all.note(), isPart),
        run);
  }

  /** An entry as its own page shows it: with all of its text. */
  EntryText whole(RunEntry entry) {
    EntryText all = shown(entry, Integer.MAX_VALUE);
    String text = EntryTexts.text(entry, json);
    return all.html() != null || text.isEmpty()
        ? all
        : new EntryText(all.kind(), all.title(), null, text, null, List.of(), all.note(), false);
  }

  private static EntryView view(NumberedEntry numbered, EntryText shown, String run) {
    RunEntry entry = numbered.entry();
    String address = run + "/entries/" + numbered.number();
    return new EntryView(
        numbered.number(),
        PageTime.of(numbered.timed().time()),
        took(entry),
        used(entry),
        shown,
        pictures(entry, address),
        address,
        use(entry),
        List.of(),
        null);
  }

  private EntryText shown(RunEntry entry, int most) {
    return switch (entry) {
      // A prompt is the text of a template: its line breaks are kept.
      case RunEntry.Prompt _, RunEntry.Repair _ -> plain(EntryKind.USER, entry, most);
      case RunEntry.Answer _ -> markdown(EntryKind.ASSISTANT, entry, most);
      case RunEntry.FinalMessage _ -> markdown(EntryKind.FINAL, entry, most);
      case RunEntry.ToolCallRequested _ ->
          folded(EntryKind.TOOL, entry, "Arguments", SHORT_ARGUMENTS, List.of(), null, most);
      case RunEntry.ToolResult result -> result(result, most);
      case RunEntry.Failure failure ->
          plain(EntryTexts.isCancel(failure) ? EntryKind.NOTE : EntryKind.FAILED, entry, most);
      case RunEntry.Warning _, RunEntry.FailedTry _, RunEntry.Retried _ ->
          plain(EntryKind.WARNING, entry, most);
      case RunEntry.LogLine log ->
          plain(log.isWarning() ? EntryKind.WARNING : EntryKind.LOG, entry, most);
      case RunEntry.Unknown unknown ->
          plain(unknown.isWarning() ? EntryKind.WARNING : EntryKind.LOG, entry, most);
      case RunEntry.ApprovalRequested _ -> plain(EntryKind.NOTE, entry, most);
      case RunEntry.ApprovalDecided decided -> decided(decided, most);
    };
  }

  private EntryText decided(RunEntry.ApprovalDecided decided, int most) {
    EntryText plain = plain(EntryKind.NOTE, decided, most);
    if (decided.arguments() == null) {
      return plain;
    }
    String arguments = VisibleText.ofJson(PrettyJson.of(decided.arguments(), most));
    return new EntryText(
        plain.kind(),
        plain.title(),
        null,
        plain.text(),
        null,
        List.of(new Fold("Changed arguments", Excerpt.of(arguments, most))),
        null,
        plain.cut() || arguments.length() > most);
  }

  private EntryText result(RunEntry.ToolResult result, int most) {
    List<Fold> folds = new ArrayList<>();
    int requests = result.egress().size();
    if (requests > 0) {
      folds.add(
          new Fold(
              requests == 1 ? "A request" : requests + " requests", requests(result.egress())));
    }
    String cut = EntryTexts.cut(result.message().text());
    return folded(
        result.hasFailed() ? EntryKind.FAILED : EntryKind.TOOL,
        result,
        "Answer of the tool",
        SHORT,
        folds,
        cut == null ? null : "The model got a part of this answer: " + cut + ".",
        most);
  }

  private EntryText folded(
      EntryKind kind,
      RunEntry entry,
      String summary,
      int most,
      List<Fold> more,
      @Nullable String note,
      int mostShown) {
    String text = EntryTexts.text(entry, json, mostShown);
    String part = Excerpt.of(text, mostShown);
    List<Fold> folds = new ArrayList<>();
    boolean isFolded = part.length() > most;
    if (isFolded) {
      folds.add(
          new Fold(
              summary + ", " + Amounts.number(EntryTexts.raw(entry).length()) + " characters",
              part));
    }
    folds.addAll(more);
    return new EntryText(
        kind,
        EntryTexts.title(entry),
        null,
        isFolded || part.isEmpty() ? null : part,
        null,
        folds,
        note,
        text.length() > mostShown);
  }

  private EntryText markdown(EntryKind kind, RunEntry entry, int most) {
    String text = EntryTexts.text(entry, json);
    Rendered rendered = Rendered.of(Excerpt.of(text, most));
    return new EntryText(
        kind,
        EntryTexts.title(entry),
        rendered.html(),
        rendered.text(),
        null,
        List.of(),
        null,
        text.length() > most);
  }

  /**
   * A text of a model.
   *
   * @param html it as safe HTML; null where it can't be rendered, or is empty
   * @param text it as it is; null where it is rendered, or empty
   */
  record Rendered(@Nullable RawString html, @Nullable String text) {
    static Rendered of(String text) {
      String html = text.isEmpty() ? null : MarkdownText.html(text);
      return new Rendered(
          html == null ? null : new RawString(html), html == null && !text.isEmpty() ? text : null);
    }
  }

  private EntryText plain(EntryKind kind, RunEntry entry, int most) {
    String text = EntryTexts.text(entry, json);
    return new EntryText(
        kind,
        EntryTexts.title(entry),
        null,
        text.isEmpty() ? null : Excerpt.of(text, most),
        null,
        List.of(),
        null,
        text.length() > most);
  }

  private static @Nullable String took(RunEntry entry) {
    if (entry instanceof RunEntry.ToolResult result) {
      return result.ms() == null ? null : Amounts.milliseconds(result.ms());
    }
    RunEntry.EndedRequest asked = entry.asked();
    return asked == null ? null : Amounts.milliseconds(asked.ms());
  }

  /** What the model used for an entry; null where that is not known. */
  static @Nullable String used(RunEntry entry) {
    RunEntry.EndedRequest asked = entry.asked();
    Usage.Step used = asked == null ? null : asked.used();
    if (used == null) {
      return null;
    }
    String cached =
        used.cachedTokens() == 0 ? "" : " (" + Amounts.number(used.cachedTokens()) + " cached)";
    return Amounts.number(used.promptTokens())
        + " tokens in"
        + cached
        + ", "
        + Amounts.number(used.completionTokens())
        + " out"
        + (used.costUsd() == null ? "" : " · " + Amounts.cost(BigDecimal.valueOf(used.costUsd())))
        + tier(used.serviceTier());
  }

  // Most servers name the tier that everybody has, too.
  private static String tier(@Nullable String served) {
    return served == null || COMMON_TIERS.contains(served) ? "" : " · tier " + served;
  }

  private static @Nullable ToolUse use(RunEntry entry) {
    return switch (entry) {
      case RunEntry.ToolCallRequested(var call) -> use("call", call.id(), call.name());
      case RunEntry.ToolResult result -> use("end", result.message().callId(), "");
      case RunEntry.ApprovalRequested asked -> use("part", asked.callId(), "");
      case RunEntry.ApprovalDecided decided -> use("part", decided.callId(), "");
      case RunEntry.LogLine log -> use("log", "", log.tool());
      case RunEntry.Prompt _,
          RunEntry.Repair _,
          RunEntry.Answer _,
          RunEntry.FinalMessage _,
          RunEntry.Failure _,
          RunEntry.Warning _,
          RunEntry.FailedTry _,
          RunEntry.Retried _,
          RunEntry.Unknown _ ->
          null;
    };
  }

  private static ToolUse use(String role, String id, String tool) {
    return new ToolUse(role, VisibleText.of(id), VisibleText.of(tool));
  }

  private static String requests(List<ToolEgress> requests) {
    StringBuilder lines = new StringBuilder();
    for (ToolEgress request : requests) {
      lines
          .append(VisibleText.of(request.method()))
          .append(' ')
          .append(VisibleText.of(request.host()))
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
}
