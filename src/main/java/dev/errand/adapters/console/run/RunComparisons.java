package dev.errand.adapters.console.run;

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
import dev.errand.base.json.WellFormed;
import dev.errand.base.limit.JsonWeight;
import dev.errand.base.turn.WorkOwner;
import dev.errand.models.port.ModelSettings;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.history.EntryPage;
import dev.errand.runs.history.EntryPages;
import dev.errand.runs.history.RunReader;
import dev.errand.runs.history.RunSizes;
import dev.errand.runs.lifecycle.RunBounds;
import dev.errand.runs.lifecycle.RunService.SizedRun;
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
  private static final String NO_PARAMETERS = "{}";
  // What a run has beside its texts.
  private static final int ROW = 1 << 14;
  // Bytes of heap for one that is read: what the driver read, and a text of two bytes a character.
  private static final int PER_BYTE = 3;
  // The most of the tree of a text as JSON, for one byte of it and in all: a text whose tree is
  // larger is compared as it is, and so is one that is longer with line breaks.
  private static final int TREE_PER_BYTE = 66;
  private static final int LARGEST_TREE = 1 << 23;
  private static final int LONGEST_PRETTY = 1 << 20;
  // A text that grows is copied, and each character may take two bytes.
  private static final int PER_PRETTY = 6;
  private static final int MOST_OF_ENTRIES = MOST_READS * EntryPages.MOST_BYTES;
  private static final int PER_BYTE_OF_ENTRIES = 4;

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
   * How many bytes a run has that are read for a comparison; a run that has more is read with the
   * beginning of its output.
   */
  static long read(RunSizes run) {
    return ROW + run.parameters() + Math.min(RunReader.VERY_LONG, run.output());
  }

  /** The most bytes of heap that a comparison of two runs takes, by what these have. */
  static long heap(SizedRun before, SizedRun after) {
    long kept = 0;
    long prompts = 0;
    long parameters = 0;
    long answers = 0;
    long steps = 0;
    // One at a time.
    long tree = 0;
    for (SizedRun each : List.of(before, after)) {
      RunSizes sizes = each.sizes();
      kept += PER_BYTE * (read(sizes) + sizes.assignment());
      prompts += TextDiff.heap(sizes.assignment());
      parameters += pretty(sizes.parameters());
      tree = Math.max(tree, TREE_PER_BYTE * sizes.parameters());
      if (each.run().hasResult()) {
        answers += pretty(sizes.output());
        tree = Math.max(tree, TREE_PER_BYTE * sizes.output());
      } else {
        answers += TextDiff.heap(read(sizes));
      }
      steps += PER_BYTE_OF_ENTRIES * Math.min(sizes.entries(), MOST_OF_ENTRIES);
    }
    return kept
        + Math.min(LARGEST_TREE, tree)
        + Math.max(Math.max(prompts, parameters), Math.max(answers, steps));
  }

  private static long pretty(long bytes) {
    long characters = Math.min(LONGEST_PRETTY, PrettyJson.MOST_TIMES * bytes);
    return PER_PRETTY * characters + TextDiff.heap(Math.max(characters, bytes));
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
                compared(parameters(before), parameters(after), PARAMETERS),
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
    int most = read(before, after);
    boolean isCut = most < Integer.MAX_VALUE;
    String first = before.result();
    String second = after.result();
    TextDiff diff =
        first != null && second != null
            ? compared(first, second, ANSWER)
            : TextDiff.of(answer(before, most), answer(after, most), ANSWER, isCut);
    Part part =
        part(
            "answers",
            before.hasResult() && after.hasResult() ? "Result" : "Answer",
            diff,
            "Both answers are empty.");
    if (isCut) {
      return new Part(
          part.id(),
          part.title(),
          diff,
          diff.isSame()
              ? "The same as far as they were compared: these answers are long, and only their"
                  + " beginnings were."
              : part.said(),
          cut(most, before, after));
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

  // How many characters of each answer are compared, so that neither seems to have lost what was
  // not read of the other.
  private static int read(Run before, Run after) {
    return Stream.of(before, after)
        .filter(run -> run.output() != null && run.outputBytes() != null)
        .mapToInt(run -> run.output().length())
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  private static String cut(int most, Run before, Run after) {
    return Stream.of(before, after)
        .filter(run -> run.outputBytes() != null)
        .map(
            run ->
                "that of %s has %s bytes".formatted(run.name(), Amounts.number(run.outputBytes())))
        .collect(
            Collectors.joining(
                ", and ",
                "Of each answer, only the whole lines in the first %s characters were compared, at most %s: "
                    .formatted(Amounts.number(most), Amounts.number(TextDiff.COMPARED_LINES)),
                "."));
  }

  private static String beginning(String text, int most) {
    if (text.length() < most) {
      return text;
    }
    int lines = text.lastIndexOf('\n', most - 1) + 1;
    return text.substring(0, lines > 0 ? lines : WellFormed.boundary(text, most));
  }

  private static Part part(String id, String title, TextDiff diff, String none) {
    return new Part(
        id,
        title,
        diff,
        said(diff, none),
        "Only %s characters of each, in at most %s lines, were compared line by line, from the first"
                .formatted(
                    Amounts.number(TextDiff.COMPARED), Amounts.number(TextDiff.COMPARED_LINES))
            + " difference on.");
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

  private TextDiff.Text answer(Run run, int most) {
    String output = run.output();
    if (output == null) {
      return prose(
          run.errorMessage() == null
              ? "No answer yet."
              : "No answer. " + VisibleText.ofProse(run.errorMessage()));
    }
    String read = beginning(output, most);
    return run.hasResult() ? json(read) : prose(read);
  }

  private static TextDiff.Text prose(String text) {
    return new TextDiff.Text(text, VisibleText::ofProse);
  }

  private static TextDiff.Text json(String text) {
    return new TextDiff.Text(text, VisibleText::ofJson);
  }

  // Line by line, unless either would take too much memory then.
  private TextDiff compared(String before, String after, int most) {
    String first = pretty(before);
    String second = pretty(after);
    return first == null || second == null
        ? TextDiff.of(json(before), json(after), most)
        : TextDiff.of(json(first), json(second), most);
  }

  private @Nullable String pretty(String text) {
    if (text.isEmpty()) {
      return text;
    }
    if (JsonWeight.of(text) > LARGEST_TREE) {
      return null;
    }
    String pretty = PrettyJson.of(json.tree(text), LONGEST_PRETTY);
    return pretty.length() > LONGEST_PRETTY ? null : pretty;
  }

  private static String parameters(Run run) {
    return run.parameters().equals(NO_PARAMETERS) ? "" : run.parameters();
  }

  private TextDiff.Text prompt(Run run) {
    ModelSettings model = bounds.settings(run).model();
    String system = model.system();
    return prose(system == null ? model.prompt() : system + "\n\n" + model.prompt());
  }

  private Part steps(WorkOwner owner, Run before, Run after) {
    Steps first = steps(owner, before);
    Steps second = steps(owner, after);
    TextDiff diff =
        TextDiff.of(
            withUsage(first, second),
            VisibleText::ofProse,
            STEPS,
            LONGEST_STEP,
            first.isCut || second.isCut);
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
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(" "));
  }
}
