package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
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
 * @param others fields that another version stored: kept, shown and not used
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema(value = "TaskBounds", description = "The settings of a task without its key.")
public record TaskSettings(
    @Field("The longest time from the first claim to the end, a duration.") Duration timeout,
    @Field("Answers of the model.") int maxSteps,
    @Field("Tokens of prompts and completions together.") long maxTokens,
    @Field(COST) double maxCostUsd,
    @Field("Tool calls.") int maxToolCalls,
    @Field("Attempts for each request to the model.") int maxAttempts,
    @Field(CONCURRENCY) int concurrency,
    @Field(
            value = OVERLAP,
            values = {QUEUE, SKIP})
        String overlap,
    @Field List<Callback> callbacks,
    @Field("The JSON Schema that the last message of a run fits; absent if it may be any text.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable ObjectNode outputSchema,
    @Field("How often the model is asked again after a last message that does not fit.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Integer outputRepairs,
    @Field(schema = "Expect") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Expect expect,
    @Field(schema = "TaskWatch") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable TaskWatch watch,
    @Field(schema = "TaskApprovals") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable ApprovalRules approvals,
    @Field("How long persons have to decide about a tool call, a duration; absent for a day.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Duration approvalDeadline,
    @Field(
            value = "What happens where nobody decides in time; absent for `reject`.",
            codes = ApprovalExpiry.class)
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String approvalExpiry,
    @Field(
            "The tools of the profile that its runs get, by the names that models call; absent for"
                + " all, also those that are added later.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable List<String> tools,
    @Field(TIER_FALLBACK + "; absent for false.") @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Boolean serviceTierFallback,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others) {

  // Said of the settings and of requests.
  static final String COST =
      "US dollars. With a value that is not the default, a run whose cost is not known ends as"
          + " `model_not_priced`.";
  static final String CONCURRENCY =
      "How many runs of the task execute at the same time, over all processes.";
  static final String OVERLAP =
      "Whether a new run waits for a live one (`queue`) or is refused (`skip`).";
  static final String TIER_FALLBACK =
      "Whether a request that its `service_tier` has no capacity for is sent again without one, to the default tier and at its price";
  private static final String QUEUE = "queue";
  private static final String SKIP = "skip";
  private static final List<ApprovalExpiry> STRICTEST =
      List.of(ApprovalExpiry.FAIL, ApprovalExpiry.REJECT, ApprovalExpiry.APPROVE);
  private static final String TIME_TO_APPROVE = "P1D";
  private static final int ATTEMPTS = 3;
  private static final int AT_ONCE = 4;
  private static final int REPAIRS = 1;

  public static final TaskSettings DEFAULT =
      new TaskSettings(
          Duration.ofMinutes(10),
          20,
          200_000,
          0.5,
          50,
          ATTEMPTS,
          AT_ONCE,
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
        serviceTierFallback,
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
        serviceTierFallback,
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
        isLonger == ApprovalExpiry.APPROVE.code().equals(expiry)
            ? approvalDeadline
            : known.approvalDeadline,
        expiry,
        chosen == null ? known.tools : chosen.stream().filter(known.choice()).toList(),
        serviceTierFallback,
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
    return approvalDeadline == null ? Duration.parse(TIME_TO_APPROVE) : approvalDeadline;
  }

  /** What happens then. */
  public ApprovalExpiry onApprovalExpiry() {
    return approvalExpiry == null ? ApprovalExpiry.REJECT : ApprovalExpiry.of(approvalExpiry);
  }

  /** Whether calls are made that nobody decided about. */
  @JsonIgnore
  public boolean isApprovedByTime() {
    return onApprovalExpiry() == ApprovalExpiry.APPROVE;
  }

  /** Whether a request that its tier of service has no capacity for goes to the default one. */
  public boolean fallsBackToDefaultTier() {
    return Boolean.TRUE.equals(serviceTierFallback);
  }

  /** The check of what a run has done; null where nothing is expected of it. */
  public @Nullable Expectation expectation(Json json) {
    return expect == null ? null : expect.expectation(json);
  }

  /**
   * The settings in a request; null is the default. The key is separate.
   *
   * @param others unknown fields, which are refused unless another version stored them
   */
  @RegisterForReflection
  @ApiSchema(
      value = "TaskSettingsRequest",
      answer = TaskView.SettingsView.class,
      patch = "TaskSettingsPatch")
  public record Request(
      @Field(
              value = "The key of the model endpoint. It is stored sealed and never shown.",
              secret = true,
              resettable = false)
          @Nullable String key,
      @Field(
              value =
                  "The longest time from the first claim to the end, a duration of 1 second or"
                      + " more.",
              label = "Time",
              note = "For example 10 minutes or 1h30m",
              examples = {"PT10M", "10 minutes", "1h30m"})
          @Nullable String timeout,
      @Field(value = "Answers of the model.", label = "Model answers", least = 1)
          @Nullable Integer maxSteps,
      @Field(value = "Tokens of prompts and completions together.", label = "Tokens", least = 1)
          @Nullable Long maxTokens,
      @Field(value = COST, label = "Cost in US$") @Nullable Double maxCostUsd,
      @Field(value = "Tool calls.", label = "Tool calls", least = 0) @Nullable Integer maxToolCalls,
      @Field(
              value = "Attempts for each request to the model.",
              label = "Attempts of a model answer",
              least = 1,
              most = 20,
              defaultValue = "" + ATTEMPTS)
          @Nullable Integer maxAttempts,
      @Field(
              value = CONCURRENCY,
              label = "Runs at the same time",
              least = 1,
              most = 1000,
              defaultValue = "" + AT_ONCE)
          @Nullable Integer concurrency,
      @Field(
              value = OVERLAP,
              values = {QUEUE, SKIP},
              defaultValue = QUEUE)
          @Nullable String overlap,
      @Field(most = Callback.MOST, refusal = "must be an object with a url")
          @Nullable List<Callback.Request> callbacks,
      @Field(
              value =
                  "The JSON Schema (2020-12) that the last message of a run must fit. It has at"
                      + " most 65,536 bytes and 64 levels, `$ref` only to its own parts, and"
                      + " patterns without lookaround and back references. A `PATCH` replaces all"
                      + " of it.",
              label = "JSON Schema of the answer")
          @Nullable ObjectNode outputSchema,
      @Field(
              value = "How often the model is asked again after a last message that does not fit.",
              label = "Repairs",
              note =
                  "How often the model is asked again after an answer that does not fit, 0 to 5."
                      + " Empty: once.",
              least = 0,
              most = 5,
              defaultValue = "" + REPAIRS)
          @Nullable Integer outputRepairs,
      @Field(schema = "Expect") @Nullable Expect expect,
      @Field TaskWatch.@Nullable Request watch,
      @Field(schema = "TaskApprovals") @Nullable ObjectNode approvals,
      @Field(
              value =
                  "How long persons have to decide about a tool call: a duration of a minute to 30"
                      + " days.",
              durations = {"PT1M", "P30D"},
              note = "How long persons have, 1 minute to 30 days. Empty: a day",
              defaultValue = TIME_TO_APPROVE,
              examples = {"PT4H", "4 hours"})
          @Nullable String approvalDeadline,
      @Field(
              value =
                  "What happens where nobody decides in time: the call is not made and the model is"
                      + " told so, the run fails as `approval_expired`, or the call is made."
                      + " Only owners set `approve`, with the scope `approve`.",
              codes = ApprovalExpiry.class,
              defaultValue = "reject")
          @Nullable String approvalExpiry,
      @Field(
              value =
                  "The tools of the profile that its runs get, by the names that models call, such"
                      + " as `chat_post`; null for all, also those that are added later, and `[]`"
                      + " for none.",
              most = 1000,
              pattern = "\\S[^\\x00]{0,127}",
              refusal =
                  "must be the name of a tool, of 1 to 128 characters without a space before it")
          @Nullable List<@Nullable String> tools,
      @Field(
              value = TIER_FALLBACK + ".",
              label = "If the service tier has no capacity",
              note = "Whether the default tier is asked then, at its price",
              defaultValue = "false")
          @Nullable Boolean serviceTierFallback,
      @JsonAnySetter Map<String, JsonNode> others)
      implements CheckedRequest {

    /** Has no unknown fields where JSON has none. */
    public Request {
      others = Collections.unmodifiableMap(Objects.requireNonNullElse(others, Map.of()));
    }

    public static final Request EMPTY =
        new Request(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null, null, Map.of());

    @Override
    public String toString() {
      return "TaskSettings.Request[…]";
    }

    @Override
    public void check() {
      InvalidFields wrong = new InvalidFields();
      DeclaredFields.check(this, wrong);
      checkUrls(wrong);
      wrong.refuse();
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
      DeclaredFields.check("settings", this, wrong);
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
              Objects.requireNonNullElse(maxAttempts, DEFAULT.maxAttempts),
              Objects.requireNonNullElse(concurrency, DEFAULT.concurrency),
              Objects.requireNonNullElse(overlap, DEFAULT.overlap),
              wrong.isEmpty()
                  ? givenCallbacks().stream().map(Callback.Request::checked).toList()
                  : List.of(),
              outputSchema,
              // Not shown without a schema, unless it was given.
              outputSchema != null && outputRepairs == null ? (Integer) REPAIRS : outputRepairs,
              expect,
              watch == null ? null : watch.read(wrong),
              approvals == null
                  ? null
                  : wrong.read(() -> ApprovalRules.checked("settings.approvals", approvals)),
              approvalDeadline == null
                  ? null
                  : wrong.read(
                      () -> Durations.parse("settings.approval_deadline", approvalDeadline)),
              approvalExpiry,
              tools == null ? null : distinct(tools),
              serviceTierFallback,
              others);
      wrong.refuse();
      return checked;
    }

    private static int number(InvalidFields wrong, Supplier<Long> check) {
      return wrong.read(check, 0L).intValue();
    }

    // The check has refused null.
    private static List<String> distinct(List<? extends @Nullable String> names) {
      Set<String> distinct = new LinkedHashSet<>();
      for (@Nullable String name : names) {
        if (name != null) {
          distinct.add(name);
        }
      }
      return List.copyOf(distinct);
    }

    /** The callbacks that the request names, with their secrets. */
    public List<Callback.Request> givenCallbacks() {
      return callbacks == null ? List.of() : callbacks;
    }

    private void checkUrls(InvalidFields wrong) {
      Set<String> urls = new HashSet<>();
      for (int i = 0; i < givenCallbacks().size(); i++) {
        Callback.@Nullable Request each = givenCallbacks().get(i);
        String field = "callbacks[" + i + "].url";
        String url = each == null ? null : wrong.read(() -> each.address(field));
        if (url != null && !urls.add(url)) {
          wrong.add(ApiException.invalid(field, "is named twice"));
        }
      }
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
        own(ceilings));
  }

  // The settings are stored and shown with their defaults, and what is shown may be sent back: a
  // value that differs from the default is one that somebody chose.
  private Set<RunError> own(RunCeilings ceilings) {
    Set<RunError> own = EnumSet.noneOf(RunError.class);
    if (maxTokens != DEFAULT.maxTokens
        && maxTokens != Math.min(DEFAULT.maxTokens, ceilings.maxTokens())) {
      own.add(RunError.MAX_TOKENS);
    }
    if (maxCostUsd != DEFAULT.maxCostUsd
        && maxCostUsd != Math.min(DEFAULT.maxCostUsd, ceilings.maxCostUsd())) {
      own.add(RunError.MAX_COST);
    }
    return own;
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
