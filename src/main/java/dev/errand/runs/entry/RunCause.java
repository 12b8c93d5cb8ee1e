package dev.errand.runs.entry;

import dev.errand.base.json.Coded;
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

  /** A request for the run itself. */
  record Api() implements RunCause {}

  /**
   * A schedule of the task.
   *
   * @param scheduledFor the time for which it starts the run; null for a start by request
   */
  record Schedule(String schedule, @Nullable Instant scheduledFor) implements RunCause {}

  /**
   * A delivery to a trigger of the task.
   *
   * @param event the CloudEvent that was delivered; null for another body
   * @param replayOf the delivery that this one repeats; null for a new one
   */
  record Webhook(String trigger, String scheme, @Nullable Event event, @Nullable Long replayOf)
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
   */
  record Mcp(@Nullable Client client, @Nullable Grant grant) implements RunCause {}

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

  /** A run that started another one. */
  record Parent(String task, String run) {}

  /**
   * A cause that another version of the service stored, which is shown as it is.
   *
   * @param kind its kind; empty for none
   */
  record Unknown(String kind, String json) implements RunCause {}
}
