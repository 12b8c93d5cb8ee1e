package dev.errand.automation.notice;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.automation.channel.ChannelMessage;
import dev.errand.automation.channel.ChannelMessage.Fact;
import dev.errand.automation.channel.MessageTime;
import dev.errand.base.database.Sql;
import dev.errand.base.json.Coded;
import dev.errand.base.json.Json;
import dev.errand.runs.event.EventKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Words the messages that tell what was held back: what fails and works now, and how often. */
@ApplicationScoped
class HeldMessages {
  /** The event of such a message. */
  static final String EVENT = "notices.held";

  // All runs up to the greatest id.
  private static final String TASKS =
      """
      SELECT task.name, failures_in_a_row(task.id, 9223372036854775807) AS failures,
        EXISTS (SELECT FROM task_watch
          WHERE task_watch.task_id = task.id AND missed_at IS NOT NULL) AS misses,
        EXISTS (SELECT FROM run
          WHERE run.task_id = task.id AND run.status = 'ready' AND run.id > 0) AS has_worked
      FROM task
      WHERE task.profile_id = :profile_id AND task.deleted_at IS NULL AND task.name = ANY (:names)
      """;

  private static final int MOST_LINES = 30;
  private static final int MOST_NAMES = 5;

  private final NoticePages pages;
  private final Json json;

  HeldMessages(NoticePages pages, Json json) {
    this.pages = pages;
    this.json = json;
  }

  /** How a task is now. */
  @RegisterForReflection
  private record State(int failures, boolean misses, boolean hasWorked) {
    static final State UNKNOWN = new State(0, false, false);

    boolean isBad() {
      return failures > 0 || misses;
    }

    boolean isGood() {
      return !isBad() && hasWorked;
    }

    String words() {
      if (failures > 0) {
        return failures == 1 ? "fails now; " : "fails now, %d runs in a row; ".formatted(failures);
      }
      if (misses) {
        return "does not do what its watch expects now; ";
      }
      return hasWorked ? "works now; " : "";
    }
  }

  /** A task, or a tool whose connection ends, with what happened. */
  private record Subject(String name, boolean isTool) {
    static Subject of(HeldBack.Line line) {
      return new Subject(line.subject(), EventKind.Source.CREDENTIAL.raises(line.event()));
    }
  }

  private record Told(Subject subject, State state, List<HeldBack.Line> lines) {
    Fact fact() {
      return new Fact(
          subject.name(),
          state.words() + String.join("; ", lines.stream().map(HeldMessages::words).toList()));
    }
  }

  /**
   * The message of what was held back of a notice.
   *
   * @param within the transaction in which it is read how the tasks are now
   */
  ChannelMessage of(Sql within, HeldBack held, NoticeSnapshot.Target target) {
    List<Told> told = told(within, held);
    List<Fact> facts = new ArrayList<>(told.stream().limit(MOST_LINES).map(Told::fact).toList());
    if (told.size() > MOST_LINES) {
      facts.add(new Fact("…", (told.size() - MOST_LINES) + " more tasks or tools"));
    }
    Instant since = held.since().truncatedTo(ChronoUnit.SECONDS);
    return new ChannelMessage(
        EVENT,
        "%d more %s of %s since %s"
            .formatted(
                held.number(),
                held.number() == 1 ? "notice" : "notices",
                held.profile(),
                MessageTime.of(since, null)),
        since,
        held.lastAt(),
        null,
        names(told, State::isBad, "fail")
            + names(told, State::isGood, "work")
            + "More happened in an hour than messages are sent in one.",
        "See in the console what goes on.",
        page(target, held),
        facts,
        List.of(),
        data(held, since));
  }

  // Those that fail first.
  private static List<Told> told(Sql within, HeldBack held) {
    Map<Subject, List<HeldBack.Line>> lines = new LinkedHashMap<>();
    for (HeldBack.Line line : held.lines()) {
      lines.computeIfAbsent(Subject.of(line), subject -> new ArrayList<>()).add(line);
    }
    Map<String, State> states = new HashMap<>();
    within
        .statement(TASKS)
        .with("profile_id", held.notice().profileId())
        .with("names", "text", lines.keySet(), Subject::name)
        .each(row -> states.put(row.text("name"), row.as(State.class)));
    List<Told> told = new ArrayList<>();
    lines.forEach(
        (subject, of) ->
            told.add(
                new Told(
                    subject,
                    subject.isTool()
                        ? State.UNKNOWN
                        : states.getOrDefault(subject.name(), State.UNKNOWN),
                    of)));
    told.sort((one, other) -> Boolean.compare(other.state().isBad(), one.state().isBad()));
    return told;
  }

  private static String names(List<Told> told, Predicate<State> are, String verb) {
    List<String> names =
        told.stream()
            .filter(each -> are.test(each.state()))
            .map(each -> each.subject().name())
            .toList();
    if (names.isEmpty()) {
      return "";
    }
    return "%s %s now: %s%s. "
        .formatted(
            names.size() == 1 ? "1 task" : names.size() + " tasks",
            names.size() == 1 ? verb + "s" : verb,
            String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size()))),
            names.size() > MOST_NAMES ? ", …" : "");
  }

  private static String words(HeldBack.Line line) {
    return "%s %s, last at %s"
        .formatted(
            Coded.find(EventKind.class, line.event())
                .map(EventKind::pastWords)
                .orElse(line.event()),
            line.number() == 1 ? "once" : line.number() + " times",
            MessageTime.of(line.lastAt(), null));
  }

  private ObjectNode data(HeldBack held, Instant since) {
    ObjectNode data =
        json.object()
            .put("profile", held.profile().toString())
            .put("notice", held.notice().name())
            .put("number", held.number())
            .put("since", since.toString());
    ArrayNode lines = json.array();
    held.lines().stream().limit(MOST_LINES).forEach(line -> lines.add(json.toTree(line)));
    data.set("held", lines);
    return data;
  }

  private @Nullable String page(NoticeSnapshot.Target target, HeldBack held) {
    boolean areAllApprovals =
        held.lines().stream().allMatch(line -> EventKind.Source.APPROVAL.raises(line.event()));
    return areAllApprovals
        ? pages.ofApprovals(target, held.profile())
        : pages.of(target, held.profile());
  }
}
