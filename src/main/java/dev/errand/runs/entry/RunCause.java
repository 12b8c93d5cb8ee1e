package dev.errand.runs.entry;

import dev.errand.base.json.Coded;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.oauth.OAuthClient;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What started a run, which the run shows as its {@code trigger}. */
public sealed interface RunCause {
  /** The kinds of causes; the lower-case name is the {@code kind} in JSON. */
  enum Kind implements Coded {
    API,
    SCHEDULE,
    WEBHOOK,
    MCP,
    RUN;

    /** All kinds, as they are in JSON. */
    public static List<String> codes() {
      return Arrays.stream(values()).map(Kind::code).toList();
    }

    static Optional<Kind> of(String code) {
      return Coded.find(Kind.class, code);
    }
  }

  /** Who started it by a request; null where nobody did, or an earlier version stored it. */
  default @Nullable By by() {
    return null;
  }

  /**
   * A request for the run itself.
   *
   * @param by null where an earlier version stored it
   */
  record Api(@Nullable By by) implements RunCause {}

  /**
   * A schedule of the task.
   *
   * @param scheduledFor the time for which it starts the run; null for a start by request
   * @param by who requested the start; null for one at a time of the schedule
   */
  record Schedule(String schedule, @Nullable Instant scheduledFor, @Nullable By by)
      implements RunCause {
    /** A start at a time of the schedule. */
    public Schedule(String schedule, Instant scheduledFor) {
      this(schedule, scheduledFor, null);
    }
  }

  /**
   * A delivery to a trigger of the task.
   *
   * @param event the CloudEvent that was delivered; null for another body
   * @param replayOf the delivery that this one repeats; null for a new one
   * @param by who repeated it; null for a new one
   */
  record Webhook(
      String trigger,
      String scheme,
      @Nullable Event event,
      @Nullable Long replayOf,
      @Nullable By by)
      implements RunCause {}

  /**
   * The attributes of a CloudEvent that identify it.
   *
   * @param subject what it happened to; null where it does not say
   */
  record Event(String id, String source, String type, @Nullable String subject) {}

  /**
   * A chat, by the Model Context Protocol.
   *
   * @param client what the chat's program calls itself; null where it does not say
   * @param grant the user's permission by which it acts; null where it acts as the user
   * @param by the user whose chat it is; null where an earlier version stored it
   */
  record Mcp(@Nullable Client client, @Nullable Grant grant, @Nullable By by) implements RunCause {}

  /**
   * The name and version that a chat's program sends about itself.
   *
   * @param version may be empty
   */
  record Client(String name, String version) {}

  /**
   * A user's permission for an OAuth client.
   *
   * @param client the client, as the user is shown it
   * @param id the grant; null where another authorization server keeps it
   */
  record Grant(String client, @Nullable UUID id) {}

  /**
   * A tool call of another run.
   *
   * @param parent that run; null for a call outside a run
   */
  record Run(@Nullable Parent parent) implements RunCause {}

  /**
   * Who requested something.
   *
   * @param user the user's name
   * @param token the name of the user's token by which it was requested; null for a session
   * @param client the program that acted for the user; null where the user did
   */
  record By(String user, @Nullable String token, @Nullable String client) {
    public static By of(Caller caller) {
      Rights rights = caller.rights();
      Rights.ByToken token = rights.token();
      return new By(
          caller.username(),
          token == null ? null : token.name(),
          rights.client() == null ? null : OAuthClient.shown(rights.client()));
    }
  }

  /** A run that started another one. */
  record Parent(String task, String run) {}

  /**
   * A cause that another version of the service stored, which is shown as it is.
   *
   * @param kind its kind; empty for none
   */
  record Unknown(String kind, String json) implements RunCause {}
}
