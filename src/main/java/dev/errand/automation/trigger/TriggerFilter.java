package dev.errand.automation.trigger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.base.cel.Condition;
import dev.errand.base.cel.KnownConditions;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Embeddable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries to a trigger start runs: those that meet its condition, which may read the
 * payload, the name of the event, and the header fields that the trigger names.
 *
 * @param condition in CEL; null where each delivery starts a run
 * @param headers the names of the header fields, in lower case, that the condition and the prompts
 *     of the runs may read
 */
@Embeddable
@RegisterForReflection
public record TriggerFilter(@Nullable String condition, List<String> headers) {
  private static final String EVENT = "event";
  private static final String PAYLOAD = "payload";
  private static final String HEADERS = "headers";
  private static final int LONGEST_VALUE = 2000;
  static final String NAME = "\\s*[A-Za-z0-9_-]{1,64}\\s*";
  private static final Pattern NAMES = Pattern.compile(NAME);

  // Whoever may see a run sees its prompt. Names are compared with hyphens in place of underscores.
  private static final Pattern SECRET =
      Pattern.compile(
          ".*(authori[sz]ation|auth-|cookie|signature|secret|token|passw|passphrase|credential"
              + "|session|api-?key|access-?key|private-?key|jwt|hmac).*"
              + "|(.*-)?(auth|key|sig|cert)(-.*)?");

  // Bitbucket names its event in X-Event-Key.
  private static final Pattern NO_SECRET = Pattern.compile("(x-)?(idempotency|event)-key");

  private static final Map<String, Condition.Type> VARIABLES = variables();

  public TriggerFilter {
    headers = List.copyOf(headers);
  }

  /**
   * What a delivery has that a condition can read.
   *
   * @param event the name of its event; empty where it has none
   */
  public record Delivered(String event, JsonNode payload, Fields fields) {}

  private static Map<String, Condition.Type> variables() {
    Map<String, Condition.Type> variables = new LinkedHashMap<>();
    variables.put(EVENT, Condition.Type.TEXT);
    variables.put(PAYLOAD, Condition.Type.ANY);
    variables.put(HEADERS, Condition.Type.OBJECT);
    return Collections.unmodifiableMap(variables);
  }

  /**
   * The filter of a request, checked.
   *
   * @throws ApiException that names the field which is wrong
   */
  static TriggerFilter checked(@Nullable String when, @Nullable List<@Nullable String> headers) {
    InvalidFields wrong = new InvalidFields();
    List<String> names = headers == null ? List.of() : wrong.read(() -> names(headers), List.of());
    String condition = when == null || when.isBlank() ? null : when;
    if (condition != null) {
      wrong.add(() -> check(condition, headers != null && !headers.isEmpty()));
    }
    wrong.refuse();
    return new TriggerFilter(condition, names);
  }

  private static void check(String when, boolean hasHeaders) {
    Condition condition;
    try {
      condition = KnownConditions.all().check(when, VARIABLES);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid("when", String.valueOf(e.getMessage()));
    }
    if (!hasHeaders && condition.reads(HEADERS)) {
      throw ApiException.invalid(
          "when", "reads headers, of which the trigger names none: name them in the field headers");
    }
  }

  private static List<String> names(List<? extends @Nullable String> headers) {
    TreeSet<String> names = new TreeSet<>();
    InvalidFields wrong = new InvalidFields();
    for (int i = 0; i < headers.size(); i++) {
      String field = HEADERS + "[" + i + "]";
      String header = headers.get(i);
      String name = header == null ? "" : header.strip().toLowerCase(Locale.ROOT);
      if (!NAMES.matcher(name).matches()) {
        wrong.add(
            ApiException.invalid(
                field, "must be the name of a header field, such as X-GitHub-Event"));
      } else if (isSecret(name.replace('_', '-'))) {
        wrong.add(
            ApiException.invalid(
                field,
                "is " + name + ", which carries a secret or a signature: it is never passed on"));
      }
      names.add(name);
    }
    wrong.refuse();
    return List.copyOf(names);
  }

  private static boolean isSecret(String name) {
    return SECRET.matcher(name).matches() && !NO_SECRET.matcher(name).matches();
  }

  /**
   * Why a delivery starts no run.
   *
   * @param why as a sentence
   * @param isFailure whether the condition could not be evaluated
   */
  public record Unmet(String why, boolean isFailure) {}

  /** Why a delivery starts no run; empty where it does. */
  public Optional<Unmet> unmet(Delivered delivered) {
    if (condition == null) {
      return Optional.empty();
    }
    return switch (result(condition, delivered)) {
      case Condition.Holds _ -> Optional.empty();
      case Condition.DoesNotHold _ ->
          Optional.of(new Unmet("The condition of the trigger is false.", false));
      // One that can't be evaluated would else let anything start runs.
      case Condition.Failed(String why) ->
          Optional.of(
              new Unmet("The condition of the trigger can't be evaluated: " + why + ".", true));
    };
  }

  private Condition.Result result(String when, Delivered delivered) {
    Condition known;
    try {
      known = KnownConditions.all().get(when, VARIABLES);
    } catch (IllegalArgumentException e) {
      // Another version took it.
      return new Condition.Failed("it " + e.getMessage());
    }
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    values(delivered.fields()).forEach(fields::put);
    return known.check(
        Map.of(
            EVENT, TextNode.valueOf(delivered.event()),
            PAYLOAD, delivered.payload(),
            HEADERS, fields));
  }

  /** The values of the header fields that it names, of those that were sent. */
  public Map<String, String> values(Fields fields) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : headers) {
      fields.joined(name, LONGEST_VALUE).ifPresent(value -> values.put(name, value));
    }
    return values;
  }
}
