package dev.errand.runs.event;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.json.Coded;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What happens, and who may be told of it. This is the one list of events: what callbacks and
 * notices accept, their forms, the API's document and the words of messages follow from it. Ends
 * and later tries of runs and credentials are raised by triggers of the database, others by {@link
 * TaskEvents}.
 *
 * <p>The code is the name in lower case, with a dot after the first word. A published code keeps
 * its meaning.
 */
@ApiSchema(
    value = "NoticeEvent",
    group = EventKind.NOTICES,
    description =
        "`run.ready`: a run is ready; the message has what it answered. `run.error`: a run failed."
            + " `run.retrying`: the first try of a run failed, and a later one follows."
            + " `run.errors_in_a_row`: as many runs of a task as"
            + " `errors_in_a_row` says failed one after the other; told once until a run is ready."
            + " `run.recovered`: the first ready run after failures of which the notice told."
            + " `run.warnings`: a run is ready, and has warnings. `budget.warning`:"
            + " 80 % of a budget of a day or month is spent, and `budget.exceeded`: a run failed or"
            + " began to wait because one was used up; each is told once in each period. The others"
            + " as for callbacks.")
public enum EventKind implements Coded {
  /** A run is ready. */
  RUN_READY(
      Told.BY_DEFAULT,
      Told.ON_REQUEST,
      "a run is done",
      "a run was done",
      "The answer of the task {subject}",
      null),
  /** A run ended in error; for notices, one that somebody cancelled is none. */
  RUN_ERROR(
      Told.BY_DEFAULT,
      Told.ON_REQUEST,
      "a run failed",
      "a run failed",
      "A run of the task {subject} failed",
      null),
  /** The first try of a run failed, and it is tried again later. */
  RUN_RETRYING(
      Told.NEVER,
      Told.ON_REQUEST,
      "a run failed once, and is tried again later",
      "a run failed once, and was to be tried again",
      "A run of the task {subject} failed once, and is tried again",
      null),
  /** As many runs of a task as the notice says failed, one after the other. */
  RUN_ERRORS_IN_A_ROW(
      Told.NEVER,
      Told.BY_DEFAULT,
      "several runs of a task failed in a row",
      "several runs in a row had failed",
      "{failures} runs of the task {subject} failed in a row",
      null),
  /** A run is ready after failures of which the notice told, or would have. */
  RUN_RECOVERED(
      Told.NEVER,
      Told.BY_DEFAULT,
      "a run is done again after such failures",
      "a run was done again",
      "The task {subject} works again",
      null),
  /** A run is ready, and has warnings. */
  RUN_WARNINGS(
      Told.NEVER,
      Told.ON_REQUEST,
      "a run is done, but with warnings",
      "a run ended with warnings",
      "A run of the task {subject} ended with warnings",
      "See in the run whether it did what it should."),
  /** A schedule paused itself. */
  SCHEDULE_PAUSED(
      Told.ON_REQUEST,
      Told.BY_DEFAULT,
      "a schedule paused itself",
      "a schedule paused itself",
      "The schedule {schedule} of the task {subject} has paused itself",
      "Mend the task, then resume the schedule."),
  /** Times of a schedule passed without a run, because nothing handled them in time. */
  SCHEDULE_MISSED(
      Told.ON_REQUEST,
      Told.ON_REQUEST,
      "times of a schedule passed without a run",
      "a schedule missed its time",
      "The schedule {schedule} of the task {subject} missed its time",
      "Start the run by hand if it is still wanted."),
  /** Deliveries to a trigger begin to fail: verified ones, or of senders verified before. */
  TRIGGER_FAILING(
      Told.ON_REQUEST,
      Told.BY_DEFAULT,
      "deliveries to a trigger fail",
      "deliveries to a trigger failed",
      "Deliveries to the trigger {trigger} of the task {subject} fail",
      "Mend the task, the trigger or its secret. Deliveries that do not matter can be passed over"
          + " by a condition, and those that failed replayed."),
  /** A delivery started a run after {@link #TRIGGER_FAILING} was told. */
  TRIGGER_RECOVERED(
      Told.ON_REQUEST,
      Told.BY_DEFAULT,
      "deliveries to a trigger work again",
      "deliveries to a trigger worked again",
      "Deliveries to the trigger {trigger} of the task {subject} work again",
      null),
  /** What the task's {@code settings.watch} expects did not happen. */
  WATCH_MISSED(
      Told.ON_REQUEST,
      Told.ON_REQUEST,
      "what is expected of a task did not happen",
      "it did not do what its watch expects",
      "The task {subject} does not do what its watch expects",
      "See in its runs and schedules what is missing."),
  /** What {@link #WATCH_MISSED} missed has happened since. */
  WATCH_RECOVERED(
      Told.ON_REQUEST,
      Told.ON_REQUEST,
      "what is expected of a task happens again",
      "it did again what its watch expects",
      "The task {subject} does what its watch expects again",
      null),
  /** A credential for a remote server ends soon. */
  CREDENTIAL_EXPIRING(
      Told.ON_REQUEST,
      Told.ON_REQUEST,
      "a sign-in of a tool ends soon",
      "its connection was about to end",
      "The connection of {subject} ends soon",
      "Connect it again before runs fail."),
  /** A remote server takes a credential no more. */
  CREDENTIAL_FAILING(
      Told.ON_REQUEST,
      Told.BY_DEFAULT,
      "a sign-in of a tool has to be renewed",
      "its connection no longer worked",
      "The connection of {subject} no longer works",
      "Connect it again, or set its header fields: until then, runs that use it fail."),
  /** A tool call of a run waits until a person decides about it. */
  APPROVAL_REQUESTED(
      Told.ON_REQUEST,
      Told.BY_DEFAULT,
      "a tool call waits until somebody approves it",
      "a call waited for approval",
      "The task {subject} asks whether it may call {tool}",
      "See what it is called with, then approve it or reject it."),
  /** Little time is left to decide about such a call. */
  APPROVAL_EXPIRING(
      Told.ON_REQUEST,
      Told.BY_DEFAULT,
      "little time is left to approve a tool call",
      "little time was left to approve a call",
      "Little time is left to decide whether the task {subject} may call {tool}",
      "See what it is called with, then approve it or reject it."),
  /** Nobody decided about such a call in time. */
  APPROVAL_EXPIRED(
      Told.ON_REQUEST,
      Told.BY_DEFAULT,
      "nobody decided about a tool call in time",
      "nobody decided about a call in time",
      "Nobody decided whether the task {subject} may call {tool}",
      "See in the run what became of it."),
  /** 80 % of a budget of a day or month is spent. */
  BUDGET_WARNING(
      Told.NEVER,
      Told.BY_DEFAULT,
      "80 % of a budget is spent",
      "80 % of a budget was spent",
      "80 % of the budget {budget} of {owner} is spent",
      "Raise it, or have tasks use less, before runs fail or wait."),
  /** A run failed or began to wait because a budget of a day or month was used up. */
  BUDGET_EXCEEDED(
      Told.NEVER,
      Told.BY_DEFAULT,
      "a budget is used up, so that runs fail or wait",
      "a budget was used up",
      "The budget {budget} of {owner} is used up",
      "Raise it, or wait until it begins anew.");

  /** The group of those that a callback can name. */
  public static final String CALLBACKS = "callbacks";

  /** The group of those that a notice can name. */
  public static final String NOTICES = "notices";

  /** The events that a callback can name, in the order of its documents. */
  public static final List<EventKind> OF_CALLBACKS = some(kind -> kind.isIn(CALLBACKS));

  /** Those of a callback that names none. */
  public static final List<EventKind> USUAL_OF_CALLBACKS =
      some(kind -> kind.toCallbacks == Told.BY_DEFAULT);

  /** The events that a notice can name, in the order of its documents. */
  public static final List<EventKind> OF_NOTICES = some(kind -> kind.isIn(NOTICES));

  /** What a new profile is told of by itself, and the end of it. */
  public static final List<EventKind> USUAL_OF_NOTICES =
      some(kind -> kind.toNotices == Told.BY_DEFAULT);

  private final Told toCallbacks;
  private final Told toNotices;
  private final String words;
  private final String pastWords;
  private final String title;
  private final @Nullable String remedy;

  /**
   * Declares an event.
   *
   * @param toCallbacks whether callbacks can be told of it
   * @param toNotices whether notices can
   * @param words what forms call it
   * @param pastWords what a message about several calls it, which names the task or tool
   * @param title the title of its message; {@code {subject}} is the task or tool, {@code
   *     {failures}} how many there were, and any other name a field of its details
   * @param remedy what its message says is to be done; null for nothing, or what depends on the run
   */
  EventKind(
      Told toCallbacks,
      Told toNotices,
      String words,
      String pastWords,
      String title,
      @Nullable String remedy) {
    this.toCallbacks = toCallbacks;
    this.toNotices = toNotices;
    this.words = words;
    this.pastWords = pastWords;
    this.title = title;
    this.remedy = remedy;
  }

  /** When it is told of an event. */
  private enum Told {
    NEVER,
    ON_REQUEST,
    /** Also by what names no events: a callback, or the notice of a new profile. */
    BY_DEFAULT
  }

  /** Where an event comes from, the first word of its code, as far as messages differ by it. */
  public enum Source implements Coded {
    RUN,
    CREDENTIAL,
    APPROVAL,
    BUDGET;

    /** Whether an event comes from here, which may be one of another version. */
    public boolean raises(String event) {
      return event.startsWith(code() + ".");
    }
  }

  private static List<EventKind> some(Predicate<EventKind> are) {
    return Stream.of(values()).filter(are).toList();
  }

  @Override
  public boolean isIn(String group) {
    return (group.equals(CALLBACKS) ? toCallbacks : toNotices) != Told.NEVER;
  }

  /** The code in JSON and in the database, such as {@code run.errors_in_a_row}. */
  @Override
  public String code() {
    return Coded.super.code().replaceFirst("_", ".");
  }

  /** The codes of some events. */
  public static List<String> codes(List<EventKind> kinds) {
    return kinds.stream().map(EventKind::code).toList();
  }

  @Override
  public String words() {
    return words;
  }

  /** Whether it says that runs fail. */
  public boolean isFailure() {
    return this == RUN_ERROR || this == RUN_ERRORS_IN_A_ROW;
  }

  public String pastWords() {
    return pastWords;
  }

  public String title() {
    return title;
  }

  public @Nullable String remedy() {
    return remedy;
  }
}
