package dev.errand.runs.task;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.egress.address.MessageAddress;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Coded;
import dev.errand.base.secret.WebhookSecret;
import dev.errand.runs.event.EventKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A callback of a task: an outgoing webhook for the ends of its runs and for what else happens to
 * it.
 *
 * @param others fields that another version stored: kept, shown and not used
 */
@RegisterForReflection
@ApiSchema("Callback")
public record Callback(
    @Field("Receives a POST for each of the events.") String url,
    @Field(codes = EventKind.class, group = EventKind.CALLBACKS) List<String> events,
    @Field(
            value =
                "What the callbacks contain besides the address of the run; absent for nothing.",
            codes = Part.class)
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<String> include,
    @Field("The generated secret; only in the answer that creates it.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String secret,
    @JsonAnySetter @JsonAnyGetter Map<String, JsonNode> others) {

  public static final int MOST = 10;

  /** The parts of a run that events can contain. */
  enum Part implements Coded {
    OUTPUT,
    RESULT,
    USAGE
  }

  /** The codes of these parts. */
  public static final List<String> PARTS = Coded.codeList(Part.class);

  private static final List<String> EVENTS = EventKind.codes(EventKind.OF_CALLBACKS);
  private static final List<String> USUAL = EventKind.codes(EventKind.USUAL_OF_CALLBACKS);

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
   * @param others unknown fields, which are refused unless another version stored them
   */
  @RegisterForReflection
  @ApiSchema("CallbackRequest")
  public record Request(
      @Field(required = true, most = 2048) @Nullable String url,
      @Field(
              value = "The ends of runs by default.",
              least = 1,
              most = Request.MOST_EVENTS,
              codes = EventKind.class,
              group = EventKind.CALLBACKS)
          @Nullable List<@Nullable String> events,
      @Field(
              value =
                  "Adds the output, the result (each up to 32,768 characters) or the usage of the"
                      + " run to the callbacks. Nothing by default.",
              codes = Part.class)
          @Nullable List<@Nullable String> include,
      @Field(
              value = "Signs the callbacks, `whsec_…`. Generated if the request names none.",
              secret = true)
          @Nullable String secret,
      @Field(value = "Two secrets while one replaces the other.", most = 2, secret = true)
          @Nullable List<@Nullable String> secrets,
      @JsonAnySetter Map<String, JsonNode> others)
      implements CheckedRequest {
    // More than there are, since one may be named twice.
    static final int MOST_EVENTS = 100;

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

    @Override
    public void check() {
      InvalidFields wrong = new InvalidFields();
      wrong.add(() -> address("url"));
      wrong.add(this::givenSecrets);
      DeclaredFields.check(this, wrong);
      wrong.refuse();
    }

    /**
     * Its address.
     *
     * @throws ApiException that names the field where it is none
     */
    String address(String field) {
      return MessageAddress.parse(field, url).toString();
    }

    /** The callback of the request, whose fields are checked, without its secrets. */
    public Callback checked() {
      return new Callback(
          address("url"),
          events == null ? USUAL : EVENTS.stream().filter(events::contains).toList(),
          include == null ? List.of() : PARTS.stream().filter(include::contains).toList(),
          null,
          others);
    }

    /**
     * The given secrets; empty for none.
     *
     * @throws ApiException that names the field which is wrong
     */
    public List<String> givenSecrets() {
      if (secret != null && secrets != null) {
        throw ApiException.invalid("secrets", "can't be combined with secret");
      }
      List<? extends @Nullable String> given =
          secret != null ? List.of(secret) : secrets == null ? List.of() : secrets;
      List<String> checked = new ArrayList<>();
      for (String each : given) {
        if (each == null) {
          throw ApiException.invalid("secrets", "must be texts");
        }
        try {
          WebhookSecret.parse(each);
        } catch (IllegalArgumentException e) {
          throw ApiException.invalid(
              secret != null ? "secret" : "secrets", String.valueOf(e.getMessage()));
        }
        checked.add(each);
      }
      return checked;
    }
  }
}
