package dev.errand.adapters.console.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.DiffLine;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.RunLine;
import dev.errand.adapters.console.page.RunLines;
import dev.errand.adapters.console.run.ComparePageView.Compared;
import dev.errand.adapters.console.run.ComparePageView.Fact;
import dev.errand.adapters.console.run.ComparePageView.Part;
import dev.errand.base.json.Json;
import dev.errand.base.json.PrettyJson;
import dev.errand.base.turn.WorkOwner;
import dev.errand.models.port.ModelSettings;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.history.EntryPage;
import dev.errand.runs.lifecycle.RunBounds;
import dev.errand.runs.queue.Run;
import dev.errand.tools.mcp.wire.VisibleText;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares two runs: what they were asked, with what, what they did, and what came out. */
@ApplicationScoped
class RunComparisons {
  // How much of each part is shown, so that all of the page stays small.
  private static final int ANSWER = 30_000;
  private static final int PROMPT = 10_000;
  private static final int PARAMETERS = 8_000;
  private static final int STEPS = 16_000;
  private static final int MOST_READS = 5;
  private static final int LONGEST_ARGUMENTS = 200;
  private static final int LONGEST_SENTENCE = 200;
  private static final int LONGEST_STEP = 300;
  private static final int LONGEST_VALUE = 300;

  private final RunLines lines;
  private final RunFacts facts;
  private final RunBounds bounds;
  private final ShownEntries entries;
  private final RunEntryCodec codec;
  private final Json json;

  RunComparisons(
      RunLines lines,
      RunFacts facts,
      RunBounds bounds,
      ShownEntries entries,
      RunEntryCodec codec,
      Json json) {
    this.lines = lines;
    this.facts = facts;
    this.bounds = bounds;
    this.entries = entries;
    this.codec = codec;
    this.json = json;
  }

  /**
   * How two runs of a task differ.
   *
   * @param owner for whom their entries are read
   * @param home the address of the home of their profile
   */
  Compared of(WorkOwner owner, Run before, Run after, String task, String home) {
    RunLine first = lines.of(before, task, home);
    RunLine second = lines.of(after, task, home);
    return new Compared(
        first,
        second,
        live(before, after),
        facts(values(before, first), values(after, second)),
        List.of(
            answers(before, after),
            part(
                "parameters",
                "Parameters",
                TextDiff.of(parameters(before), parameters(after), PARAMETERS),
                "Neither run has parameters."),
            part(
                "prompts",
                "Prompt",
                TextDiff.of(prompt(before), prompt(after), PROMPT),
                "Neither run has a prompt."),
            steps(owner, before, after)));
  }

  private static @Nullable String live(Run before, Run after) {
    List<String> live =
        Stream.of(before, after).filter(run -> !run.status().isEnd()).map(Run::name).toList();
    return switch (live.size()) {
      case 0 -> null;
      case 1 -> live.getFirst() + " has not ended: this is what it has done so far.";
      default -> "Neither run has ended: this is what they have done so far.";
    };
  }

  private Part answers(Run before, Run after) {
    boolean isNone = before.output() == null && after.output() == null;
    TextDiff diff = TextDiff.of(answer(before), answer(after), ANSWER);
    Part part =
        part(
            "answers",
            before.hasResult() && after.hasResult() ? "Result" : "Answer",
            diff,
            "Both answers are empty.");
    boolean isCut = before.outputBytes() != null || after.outputBytes() != null;
    if (isCut && diff.isSame()) {
      return new Part(
          part.id(),
          part.title(),
          diff,
          "The same as far as they were compared: these answers are long, and only their beginnings"
              + " were.",
          part.cut());
    }
    if (!isNone) {
      return part;
    }
    boolean isSameError = diff.isSame() && before.status().isEnd() && after.status().isEnd();
    return new Part(
        part.id(),
        part.title(),
        diff,
        "Neither run has an answer." + (isSameError ? " Both ended with the same error." : ""),
        part.cut());
  }

  private static Part part(String id, String title, TextDiff diff, String none) {
    return new Part(
        id,
        title,
        diff,
        said(diff, none),
        "Only %s characters of each were compared line by line, from the first difference on."
            .formatted(Amounts.number(TextDiff.COMPARED)));
  }

  private static @Nullable String said(TextDiff diff, String none) {
    if (diff.isEmpty()) {
      return none;
    }
    if (diff.isSame()) {
      return diff.isCut() ? "The same so far." : "The same.";
    }
    if (!diff.lines().isEmpty()) {
      return null;
    }
    return diff.isCut() ? "They differ further on." : "They differ only in blank space.";
  }

  private Map<String, String> values(Run run, RunLine line) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(
        "Status",
        line.isCancelled() || line.code() == null ? line.word() : line.word() + ": " + line.code());
    if (!line.warnings().isEmpty()) {
      values.put("Warnings", String.join(", ", line.warnings()));
    }
    values.put("Started by", line.cause().text());
    values.put("Enqueued", line.created().text());
    for (RunPageView.Fact fact : facts.of(run, lines.usage(run), line)) {
      String value = fact.isMeasured() || fact.bound() == null ? "" : " " + fact.bound();
      String failed = fact.failed() == null ? "" : ", " + fact.failed();
      values.put(
          fact.name().equals("Has taken") ? "Took" : fact.name(), fact.value() + value + failed);
    }
    return values;
  }

  private static List<Fact> facts(Map<String, String> before, Map<String, String> after) {
    return Stream.concat(before.keySet().stream(), after.keySet().stream())
        .distinct()
        .map(
            name ->
                new Fact(
                    name,
                    Excerpt.of(before.getOrDefault(name, "–"), LONGEST_VALUE),
                    Excerpt.of(after.getOrDefault(name, "–"), LONGEST_VALUE)))
        .toList();
  }

  private String answer(Run run) {
    String output = run.output();
    if (output == null) {
      return run.errorMessage() == null
          ? "No answer yet."
          : "No answer. " + VisibleText.ofProse(run.errorMessage());
    }
    return run.hasResult() && run.outputBytes() == null
        ? VisibleText.ofJson(PrettyJson.of(json.tree(output)))
        : VisibleText.ofProse(output);
  }

  private String parameters(Run run) {
    JsonNode parameters = json.tree(run.parameters());
    return parameters.isEmpty() ? "" : VisibleText.ofJson(PrettyJson.of(parameters));
  }

  private String prompt(Run run) {
    ModelSettings model = bounds.settings(run).model();
    String system = model.system();
    return VisibleText.ofProse(system == null ? model.prompt() : system + "\n\n" + model.prompt());
  }

  private Part steps(WorkOwner owner, Run before, Run after) {
    Steps first = steps(owner, before);
    Steps second = steps(owner, after);
    TextDiff diff =
        TextDiff.of(withUsage(first, second), STEPS, LONGEST_STEP, first.isCut || second.isCut);
    return new Part(
        "steps",
        "Steps",
        diff,
        said(diff, "Neither run has done anything yet."),
        "Only the first steps of each were compared.");
  }

  // What the model used hardly ever is the same, and makes no step another one.
  private static List<DiffLine> withUsage(Steps before, Steps after) {
    List<DiffLine> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    for (DiffLine line : DiffLine.between(texts(before), texts(after))) {
      Set<String> used = new LinkedHashSet<>();
      if (!line.isAdded()) {
        used.add(before.steps.get(i++).used);
      }
      if (!line.isRemoved()) {
        used.add(after.steps.get(j++).used);
      }
      String shown = String.join(" → ", used);
      lines.add(
          new DiffLine(line.kind(), line.text() + (shown.isEmpty() ? "" : " (" + shown + ")")));
    }
    return lines;
  }

  private static List<String> texts(Steps steps) {
    return steps.steps.stream().map(Step::text).toList();
  }

  private record Steps(List<Step> steps, boolean isCut) {}

  /**
   * A step of a run, or what came of it.
   *
   * @param used what the model used for it; empty for nothing
   */
  private record Step(String text, String used) {}

  private Steps steps(WorkOwner owner, Run run) {
    List<Step> steps = new ArrayList<>();
    Map<String, String> calls = new HashMap<>();
    int next = 0;
    for (int reads = 0; reads < MOST_READS && next < run.entryCount(); reads++) {
      EntryPage page = entries.from(owner, run, next);
      if (page.entries().isEmpty()) {
        break;
      }
      for (String entry : page.entries()) {
        add(codec.read(entry).entry(), calls, steps);
      }
      next += page.entries().size();
    }
    return new Steps(steps, next < run.entryCount());
  }

  private void add(RunEntry entry, Map<String, String> calls, List<Step> steps) {
    switch (entry) {
      case RunEntry.ToolCallRequested(var call) -> {
        String arguments = call.arguments().isEmpty() ? "" : call.arguments().toString();
        calls.put(call.id(), Excerpt.of(VisibleText.ofJson(arguments), LONGEST_ARGUMENTS));
      }
      case RunEntry.ToolResult result -> {
        String arguments = calls.getOrDefault(result.message().callId(), "");
        steps.add(
            new Step(EntryTexts.title(entry) + (arguments.isEmpty() ? "" : " " + arguments), ""));
        String text = oneLine(EntryTexts.raw(entry));
        if (!text.isEmpty()) {
          // All of it is compared, however little of it is shown.
          steps.add(new Step("→ " + text, ""));
        }
      }
      case RunEntry.Answer _ -> steps.add(asked(EntryTexts.title(entry), entry));
      case RunEntry.FinalMessage _ -> steps.add(asked("Model answers", entry));
      case RunEntry.Repair _,
          RunEntry.Failure _,
          RunEntry.Warning _,
          RunEntry.FailedTry _,
          RunEntry.Retried _,
          RunEntry.ApprovalDecided _ -> {
        String text = Excerpt.of(EntryTexts.text(entry, json), LONGEST_SENTENCE);
        String sentence = text.isBlank() ? "" : ": " + text.replace('\n', ' ');
        steps.add(new Step(EntryTexts.title(entry) + sentence, ""));
      }
      case RunEntry.Prompt _,
          RunEntry.LogLine _,
          RunEntry.ApprovalRequested _,
          RunEntry.Unknown _ -> {
        // Not what the run did, or told by what follows.
      }
    }
  }

  private static Step asked(String text, RunEntry entry) {
    return new Step(text, Objects.requireNonNullElse(EntryViews.used(entry), ""));
  }

  private static String oneLine(String text) {
    return VisibleText.ofProse(text)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" "));
  }
}
