package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.egress.address.MessageAddress;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.secret.WebhookSecret;
import dev.errand.runs.event.EventKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A callback of a task: an outgoing webhook for the ends of its runs and for what else happens to
 * it.
 *
 * @param url the address of its POST requests
 * @param events codes of {@link EventKind#OF_CALLBACKS}; another version may know more of them
 * @param include the parts of the run that they contain besides its address: {@code output}, {@code
 *     result}, {@code usage}; none by default
 * @param secret the secret that signs the events, in the one answer that shows it; null in any
 *     other
 * @param others fields that another version stored: kept, shown and not used
 */
@RegisterForReflection
public record Callback(
    String url,
    List<String> events,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> include,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String secret,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others) {

  public static final int MOST = 10;

  /** The parts of a run that events can contain. */
  public static final List<String> PARTS = List.of("output", "result", "usage");

  private static final List<String> EVENTS = EventKind.codes(EventKind.OF_CALLBACKS);
  private static final List<String> USUAL = EventKind.codes(EventKind.USUAL_OF_CALLBACKS);
  private static final int MOST_SECRETS = 2;

  /** Includes nothing by default, as for callbacks stored by earlier versions. */
  public Callback {
    // Jackson passes null for what is absent.
    include = Objects.requireNonNullElse(include, List.of());
    others = Collections.unmodifiableMap(Objects.requireNonNullElse(others, Map.of()));
  }

  /** The same with only the server of its address, for users who may not change the task. */
  public Callback withServerAlone() {
    return new Callback(MessageAddress.serverOf(url), events, include, null, Map.of());
  }

  @Override
  public String toString() {
    return "Callback[" + events + "]";
  }

  /**
   * A callback in a request.
   *
   * @param events the events that it receives; null for the ends of runs
   * @param include the parts of the run that they contain; null for none
   * @param secret the secret that signs the events, {@code whsec_…}; null keeps the present one, or
   *     generates one
   * @param secrets the same, two while one is replaced by the other
   * @param others unknown fields, which are refused unless another version stored them
   */
  @RegisterForReflection
  public record Request(
      @Nullable String url,
      @Nullable List<String> events,
      @Nullable List<String> include,
      @Nullable String secret,
      @Nullable List<String> secrets,
      @JsonAnySetter Map<String, JsonNode> others) {

    /** Has no unknown fields where JSON has none. */
    public Request {
      others = Collections.unmodifiableMap(Objects.requireNonNullElse(others, Map.of()));
    }

    @JsonIgnore
    public boolean hasSecrets() {
      return secret != null || secrets != null;
    }

    @Override
    public String toString() {
      return "Callback.Request[…]";
    }

    /**
     * The checked callback of the request, without its secrets.
     *
     * @throws ApiException that names the field which is wrong
     */
    public Callback checked(String field) {
      InvalidFields wrong = new InvalidFields();
      wrong.add(() -> givenSecrets(field));
      String address = wrong.read(() -> MessageAddress.parse(field + ".url", url).toString(), "");
      List<String> told = wrong.read(() -> checkedEvents(field + ".events"), USUAL);
      List<String> parts = wrong.read(() -> checkedInclude(field + ".include"), List.of());
      wrong.refuse();
      return new Callback(address, told, parts, null, others);
    }

    /** The given secrets, checked; empty for none. */
    public List<String> givenSecrets(String field) {
      if (secret != null && secrets != null) {
        throw ApiException.invalid(field, "names both secret and secrets: name only one of them");
      }
      List<String> given = secret != null ? List.of(secret) : secrets == null ? List.of() : secrets;
      if (given.size() > MOST_SECRETS) {
        throw ApiException.invalid(field + ".secrets", "are more than " + MOST_SECRETS);
      }
      for (String each : given) {
        if (each == null) {
          throw ApiException.invalid(field + ".secrets", "must be texts");
        }
        try {
          WebhookSecret.parse(each);
        } catch (IllegalArgumentException e) {
          throw ApiException.invalid(
              field + (secret != null ? ".secret" : ".secrets"), String.valueOf(e.getMessage()));
        }
      }
      return List.copyOf(given);
    }

    private List<String> checkedEvents(String field) {
      if (events == null) {
        return USUAL;
      }
      if (events.isEmpty() || !areAll(events, EVENTS)) {
        throw ApiException.invalid(field, "must be some of " + String.join(", ", EVENTS));
      }
      return EVENTS.stream().filter(events::contains).toList();
    }

    // An immutable list throws when it is asked whether it contains null.
    private static boolean areAll(List<String> given, List<String> known) {
      return given.stream().allMatch(each -> each != null && known.contains(each));
    }

    private List<String> checkedInclude(String field) {
      if (include == null) {
        return List.of();
      }
      if (!areAll(include, PARTS)) {
        throw ApiException.invalid(field, "must be some of " + String.join(", ", PARTS));
      }
      return PARTS.stream().filter(include::contains).toList();
    }
  }
}
