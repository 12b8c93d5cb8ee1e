package dev.errand.automation.notice;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.http.Tagged;
import dev.errand.base.json.Coded;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/** A notice, as the API shows it. */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.ALWAYS)
@ApiSchema("Notice")
public record NoticeView(
    @Field String name,
    @JsonUnwrapped NoticeSettings settings,
    @Field(
            value =
                "Whether messages are sent now: `ready`, or why not. `channel_missing`: the profile"
                    + " has no channel of that name; the notice of a new profile names `owner`,"
                    + " which exists once a sign-in has verified the address of the profile's"
                    + " owner.",
            codes = State.class)
        String state,
    @Field("How much waits to be told in one message, since the hour had too many.") long held,
    @Field Instant createdAt,
    @Field Instant modifiedAt,
    @JsonIgnore long etag)
    implements Tagged {

  /** Whether messages are sent now; the lower-case name is the {@code state} in JSON. */
  public enum State implements Coded {
    READY("on"),
    OFF("switched off"),
    CHANNEL_MISSING("its channel does not exist"),
    CHANNEL_UNCONFIRMED("its recipient has not confirmed yet"),
    CHANNEL_OFF("its channel is switched off");

    private final String words;

    State(String words) {
      this.words = words;
    }

    @Override
    public String words() {
      return words;
    }

    static State of(NoticeSnapshot notice) {
      NoticeSnapshot.Target target = notice.target();
      if (!notice.settings().enabled()) {
        return OFF;
      }
      if (target == null) {
        return CHANNEL_MISSING;
      }
      if (target.isOff()) {
        return CHANNEL_OFF;
      }
      return target.isConfirmed() ? READY : CHANNEL_UNCONFIRMED;
    }
  }

  static NoticeView of(NoticeSnapshot notice, long held) {
    return new NoticeView(
        notice.name(),
        notice.settings(),
        State.of(notice).code(),
        held,
        notice.createdAt(),
        notice.modifiedAt(),
        notice.etag());
  }
}
