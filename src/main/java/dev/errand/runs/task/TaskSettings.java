package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.Durations;
import dev.errand.base.json.Json;
import dev.errand.models.output.Expectation;
import dev.errand.models.output.OutputSchema;
import dev.errand.models.output.SchemaCheck;
import dev.errand.models.port.Bounds;
import dev.errand.models.port.RunError;
import dev.errand.tools.port.ApprovalRules;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a task: the bounds of its runs, their concurrency, callbacks, and what is
 * expected of it.
 *
 * @param timeout the longest that a run may take, from its first claim on; 1 s to 24 h
 * @param maxSteps the most answers of the model; 1 to 1000
 * @param maxTokens the most tokens, prompts and completions together
 * @param maxCostUsd the most US dollars; the default bounds nothing where the cost is not known
 * @param maxToolCalls the most tool calls; 0 to 10000
 * @param maxAttempts how often a step is tried against a server that is not available
 * @param overlap {@code queue} or {@code skip}: whether a start while a run is live waits in the
 *     queue, or is refused
 * @param outputSchema the JSON Schema that the last message of a run must fit; null for none
 * @param outputRepairs how often the model is asked again after a last message that does not fit; 0
 *     to 5; null is the default
 * @param expect what a run must have done to be ready; null for nothing
 * @param watch what is expected of the task over time; null for nothing
 * @param approvals which tool calls wait for a person beside those of the installations' own rules,
 *     by the names that models call; null for none
 * @param approvalDeadline how long persons have to decide, 1 minute to 30 days; null is the default
 * @param approvalExpiry what happens then: {@code reject}, {@code fail} or {@code approve}; null is
 *     the default
 * @param tools the tools of its profile that it gets, by the names that models call; null for all,
 *     also those that are added later
 * @param others fields that another version stored: kept, shown and not used
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
public record TaskSettings(
    Duration timeout,
    int maxSteps,
    long maxTokens,
    double maxCostUsd,
    int maxToolCalls,
    int maxAttempts,
    int concurrency,
    String overlap,
    List<Callback> callbacks,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ObjectNode outputSchema,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer outputRepairs,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Expect expect,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TaskWatch watch,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable ApprovalRules approvals,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Duration approvalDeadline,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String approvalExpiry,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> tools,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others) {

  private static final String QUEUE = "queue";
  private static final String SKIP = "skip";
  private static final String APPROVE = "approve";
  private static final List<String> EXPIRIES = List.of("reject", "fail", APPROVE);
  private static final List<String> STRICTEST = List.of("fail", "reject", APPROVE);
  private static final Duration TIME_TO_APPROVE = Duration.ofDays(1);
  private static final int REPAIRS = 1;
  private static final int MOST_REPAIRS = 5;
  private static final String TOOLS = "settings.tools";
  private static final int MOST_TOOLS = 1000;
  private static final int LONGEST_TOOL = 128;

  public static final TaskSettings DEFAULT =
      new TaskSettings(
          Duration.ofMinutes(10),
          20,
          200_000,
          0.5,
          50,
          3,
          4,
          QUEUE,
          List.of(),
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          Map.of());

  /** Has no fields of other versions where JSON has none. */
  public TaskSettings {
    others = Collections.unmodifiableMap(Objects.requireNonNullElse(others, Map.of()));
  }

  /** Whether a run may be live only while no other one of the task is. */
  @JsonIgnore
  public boolean isAlone() {
    return overlap.equals(SKIP);
  }

  /** The same settings with other callbacks. */
  public TaskSettings withCallbacks(List<Callback> changed) {
    return new TaskSettings(
        timeout,
        maxSteps,
        maxTokens,
        maxCostUsd,
        maxToolCalls,
        maxAttempts,
        concurrency,
        overlap,
        changed,
        outputSchema,
        outputRepairs,
        expect,
        watch,
        approvals,
        approvalDeadline,
        approvalExpiry,
        tools,
        others);
  }

  /** The same settings for a task with another prompt, whose answers have no schema. */
  TaskSettings withoutOutputSchema() {
    return new TaskSettings(
        timeout,
        maxSteps,
        maxTokens,
        maxCostUsd,
        maxToolCalls,
        maxAttempts,
        concurrency,
        overlap,
        callbacks,
        null,
        null,
        expect == null ? null : expect.withoutResult(),
        watch,
        approvals,
        approvalDeadline,
        approvalExpiry,
        tools,
        others);
  }

  /**
   * The same settings, by which tool calls wait as well that waited by others, with no tool that
   * those do not have.
   */
  TaskSettings asStrictAs(TaskSettings known) {
    ApprovalRules rules = approvals;
    ApprovalRules more = known.approvals;
    String expiry =
        STRICTEST.indexOf(onApprovalExpiry()) <= STRICTEST.indexOf(known.onApprovalExpiry())
            ? approvalExpiry
            : known.approvalExpiry;
    boolean isLonger = timeToApprove().compareTo(known.timeToApprove()) > 0;
    List<String> chosen = tools;
    return new TaskSettings(
        timeout,
        maxSteps,
        maxTokens,
        maxCostUsd,
        maxToolCalls,
        maxAttempts,
        concurrency,
        overlap,
        callbacks,
        outputSchema,
        outputRepairs,
        expect,
        watch,
        rules == null || more == null ? (rules == null ? more : rules) : rules.and(more),
        // Where calls are made for want of a decision, persons have the longer time.
        isLonger == APPROVE.equals(expiry) ? approvalDeadline : known.approvalDeadline,
        expiry,
        chosen == null ? known.tools : chosen.stream().filter(known.choice()).toList(),
        others);
  }

  /** Which tools of its profile it gets, by the names by which they are chosen. */
  public Predicate<String> choice() {
    return tools == null ? tool -> true : Set.copyOf(tools)::contains;
  }

  /** The check of the last message of a run; null where it may be any text. */
  public @Nullable OutputSchema output(Json json) {
    return outputSchema == null
        ? null
        : new OutputSchema(outputSchema, Objects.requireNonNullElse(outputRepairs, REPAIRS), json);
  }

  /** How long persons have to decide about a tool call. */
  public Duration timeToApprove() {
    return Objects.requireNonNullElse(approvalDeadline, TIME_TO_APPROVE);
  }

  /** What happens then: {@code reject}, {@code fail} or {@code approve}. */
  public String onApprovalExpiry() {
    return Objects.requireNonNullElse(approvalExpiry, EXPIRIES.getFirst());
  }

  /** Whether calls are made that nobody decided about. */
  @JsonIgnore
  public boolean isApprovedByTime() {
    return APPROVE.equals(approvalExpiry);
  }

  /** The check of what a run has done; null where nothing is expected of it. */
  public @Nullable Expectation expectation(Json json) {
    return expect == null ? null : expect.expectation(json);
  }

  /**
   * The settings in a request; null is the default. The key is separate, and its hint is ignored.
   *
   * @param others unknown fields, which are refused unless another version stored them
   */
  @RegisterForReflection
  @JsonIgnoreProperties("key_hint")
  public record Request(
      @Nullable String key,
      @Nullable String timeout,
      @Nullable Integer maxSteps,
      @Nullable Long maxTokens,
      @Nullable Double maxCostUsd,
      @Nullable Integer maxToolCalls,
      @Nullable Integer maxAttempts,
      @Nullable Integer concurrency,
      @Nullable String overlap,
      @Nullable List<Callback.Request> callbacks,
      @Nullable ObjectNode outputSchema,
      @Nullable Integer outputRepairs,
      @Nullable Expect expect,
      TaskWatch.@Nullable Request watch,
      @Nullable ObjectNode approvals,
      @Nullable String approvalDeadline,
      @Nullable String approvalExpiry,
      @Nullable List<@Nullable String> tools,
      @JsonAnySetter Map<String, JsonNode> others) {

    /** Has no unknown fields where JSON has none. */
    public Request {
      others = Collections.unmodifiableMap(Objects.requireNonNullElse(others, Map.of()));
    }

    public static final Request EMPTY =
        new Request(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null, Map.of());

    @Override
    public String toString() {
      return "TaskSettings.Request[…]";
    }

    /** Whether they have a schema or conditions, whose checks may take long. */
    boolean takeLongToCheck() {
      return outputSchema != null || expect != null || approvals != null;
    }

    /**
     * The checked settings of the request.
     *
     * @throws ApiException that names the field which is wrong
     */
    public TaskSettings checked(RunCeilings ceilings) {
      InvalidFields wrong = new InvalidFields();
      if (outputSchema != null) {
        wrong.add(() -> SchemaCheck.check(outputSchema));
      }
      if (expect != null) {
        wrong.add(expect::check);
      }
      TaskSettings checked =
          new TaskSettings(
              wrong.read(() -> duration(timeout, ceilings.timeout()), DEFAULT.timeout),
              number(
                  wrong,
                  () -> bound("max_steps", maxSteps, DEFAULT.maxSteps, 1, ceilings.maxSteps())),
              wrong.read(
                  () -> bound("max_tokens", maxTokens, DEFAULT.maxTokens, 1, ceilings.maxTokens()),
                  0L),
              wrong.read(() -> cost(maxCostUsd, ceilings.maxCostUsd()), 0.0),
              number(
                  wrong,
                  () ->
                      bound(
                          "max_tool_calls",
                          maxToolCalls,
                          DEFAULT.maxToolCalls,
                          0,
                          ceilings.maxToolCalls())),
              number(wrong, () -> between("max_attempts", maxAttempts, DEFAULT.maxAttempts, 1, 20)),
              number(
                  wrong, () -> between("concurrency", concurrency, DEFAULT.concurrency, 1, 1000)),
              wrong.read(this::checkedOverlap, DEFAULT.overlap),
              wrong.read(this::checkedCallbacks, List.of()),
              outputSchema,
              wrong.read(this::checkedRepairs),
              expect,
              watch == null ? null : wrong.read(watch::checked),
              approvals == null
                  ? null
                  : wrong.read(() -> ApprovalRules.checked("settings.approvals", approvals)),
              wrong.read(this::checkedDeadline),
              wrong.read(this::checkedExpiry),
              wrong.read(this::checkedTools),
              others);
      wrong.refuse();
      return checked;
    }

    private static int number(InvalidFields wrong, Supplier<Long> check) {
      return wrong.read(check, 0L).intValue();
    }

    private String checkedOverlap() {
      if (overlap != null && !overlap.equals(QUEUE) && !overlap.equals(SKIP)) {
        throw ApiException.invalid("settings.overlap", "must be queue or skip");
      }
      return overlap == null ? DEFAULT.overlap : overlap;
    }

    private @Nullable List<String> checkedTools() {
      if (tools == null) {
        return null;
      }
      Set<String> checked = new LinkedHashSet<>();
      for (@Nullable String tool : tools) {
        if (tool == null || tool.isBlank() || tool.length() > LONGEST_TOOL) {
          throw ApiException.invalid(
              TOOLS, "must be names of tools, each of 1 to " + LONGEST_TOOL + " characters");
        }
        StorableText.check(TOOLS, tool);
        checked.add(tool);
      }
      if (checked.size() > MOST_TOOLS) {
        throw ApiException.invalid(TOOLS, "names more than " + MOST_TOOLS + " tools");
      }
      return List.copyOf(checked);
    }

    private @Nullable Duration checkedDeadline() {
      if (approvalDeadline == null) {
        return null;
      }
      return Durations.parse(
          "settings.approval_deadline",
          approvalDeadline,
          Duration.ofMinutes(1),
          Duration.ofDays(30));
    }

    private @Nullable String checkedExpiry() {
      if (approvalExpiry != null && !EXPIRIES.contains(approvalExpiry)) {
        throw ApiException.invalid(
            "settings.approval_expiry", "must be one of " + String.join(", ", EXPIRIES));
      }
      return approvalExpiry;
    }

    /** The callbacks that the request names, with their secrets. */
    public List<Callback.Request> givenCallbacks() {
      return callbacks == null ? List.of() : callbacks;
    }

    private List<Callback> checkedCallbacks() {
      if (givenCallbacks().size() > Callback.MOST) {
        throw ApiException.invalid("settings.callbacks", "are more than " + Callback.MOST);
      }
      List<Callback> checked = new ArrayList<>();
      Set<String> urls = new HashSet<>();
      InvalidFields wrong = new InvalidFields();
      for (int i = 0; i < givenCallbacks().size(); i++) {
        Callback.@Nullable Request each = givenCallbacks().get(i);
        String field = "settings.callbacks[" + i + "]";
        if (each == null) {
          wrong.add(ApiException.invalid(field, "must be an object with a url"));
          continue;
        }
        Callback callback = wrong.read(() -> each.checked(field));
        if (callback != null) {
          checked.add(callback);
          if (!urls.add(callback.url())) {
            wrong.add(ApiException.invalid(field + ".url", "is named twice"));
          }
        }
      }
      wrong.refuse();
      return checked;
    }

    // Not shown without a schema, unless it was given.
    private @Nullable Integer checkedRepairs() {
      return outputSchema == null && outputRepairs == null
          ? null
          : (Integer) (int) between("output_repairs", outputRepairs, REPAIRS, 0, MOST_REPAIRS);
    }

    private static Duration duration(@Nullable String text, Duration ceiling) {
      if (text == null) {
        return Collections.min(List.of(DEFAULT.timeout, ceiling));
      }
      Duration duration = Durations.parse("settings.timeout", text);
      if (duration.compareTo(Duration.ofSeconds(1)) < 0 || duration.compareTo(ceiling) > 0) {
        throw ApiException.invalid(
            "settings.timeout",
            "must be between 1 second and " + Durations.words(ceiling) + ceiling("timeout"));
      }
      return duration;
    }

    private static double cost(@Nullable Double value, double ceiling) {
      if (value == null) {
        return Math.min(DEFAULT.maxCostUsd, ceiling);
      }
      if (!(value > 0 && value <= ceiling)) {
        throw ApiException.invalid(
            "settings.max_cost_usd",
            "must be more than 0 and at most "
                + BigDecimal.valueOf(ceiling).stripTrailingZeros().toPlainString()
                + ceiling("max_cost_usd"));
      }
      return value;
    }

    private static long bound(
        String field, @Nullable Number value, long otherwise, long least, long ceiling) {
      if (value == null) {
        return Math.min(otherwise, ceiling);
      }
      if (value.longValue() < least || value.longValue() > ceiling) {
        throw ApiException.invalid(
            "settings." + field, "must be between " + least + " and " + ceiling + ceiling(field));
      }
      return value.longValue();
    }

    private static String ceiling(String field) {
      return ", this server's errand.run.ceiling." + field.replace('_', '-');
    }

    private static long between(
        String field, @Nullable Number value, long otherwise, long least, long most) {
      if (value == null) {
        return otherwise;
      }
      if (value.longValue() < least || value.longValue() > most) {
        throw ApiException.invalid(
            "settings." + field, "must be between " + least + " and " + most);
      }
      return value.longValue();
    }
  }

  /**
   * The bounds of a run.
   *
   * @param began when its time began, by the elapsed clock of this process
   */
  public Bounds bounds(Instant began, RunCeilings ceilings) {
    Duration time = Collections.min(List.of(timeout, ceilings.timeout()));
    return new Bounds(
        began.plus(time),
        time,
        Math.min(maxSteps, ceilings.maxSteps()),
        Math.min(maxTokens, ceilings.maxTokens()),
        Math.min(maxCostUsd, ceilings.maxCostUsd()),
        Math.min(maxToolCalls, ceilings.maxToolCalls()),
        maxAttempts,
        lowered(ceilings),
        isCostSet(ceilings));
  }

  // The settings are stored and shown with their defaults, and what is shown may be sent back: a
  // value that differs from the default is one that somebody chose.
  private boolean isCostSet(RunCeilings ceilings) {
    return maxCostUsd != DEFAULT.maxCostUsd
        && maxCostUsd != Math.min(DEFAULT.maxCostUsd, ceilings.maxCostUsd());
  }

  private Set<RunError> lowered(RunCeilings ceilings) {
    Set<RunError> lowered = EnumSet.noneOf(RunError.class);
    if (timeout.compareTo(ceilings.timeout()) > 0) {
      lowered.add(RunError.TIMEOUT);
    }
    if (maxSteps > ceilings.maxSteps()) {
      lowered.add(RunError.MAX_STEPS);
    }
    if (maxTokens > ceilings.maxTokens()) {
      lowered.add(RunError.MAX_TOKENS);
    }
    if (maxCostUsd > ceilings.maxCostUsd()) {
      lowered.add(RunError.MAX_COST);
    }
    if (maxToolCalls > ceilings.maxToolCalls()) {
      lowered.add(RunError.MAX_TOOL_CALLS);
    }
    return lowered;
  }
}
