package dev.errand.runs.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.runs.entry.RunCause.Kind;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes what started a run as the JSON that is stored and shown, and reads it back. */
@Singleton
public class RunCauseCodec {
  private final Json json;

  RunCauseCodec(Json json) {
    this.json = json;
  }

  public String write(RunCause cause) {
    return switch (cause) {
      case RunCause.Api api -> by(api.by(), of(Kind.API)).toString();
      case RunCause.Schedule schedule -> write(schedule);
      case RunCause.Webhook webhook -> write(webhook);
      case RunCause.Mcp chat -> write(chat);
      case RunCause.Run run -> write(run);
      case RunCause.Unknown unknown -> unknown.json();
    };
  }

  private String write(RunCause.Schedule cause) {
    ObjectNode all = of(Kind.SCHEDULE).put("schedule", cause.schedule());
    Instant time = cause.scheduledFor();
    if (time == null) {
      all.put("manual", true);
    } else {
      all.set("scheduled_for", json.toTree(time));
    }
    return by(cause.by(), all).toString();
  }

  private String write(RunCause.Webhook cause) {
    ObjectNode all = of(Kind.WEBHOOK).put("trigger", cause.trigger()).put("scheme", cause.scheme());
    RunCause.Event event = cause.event();
    if (event != null) {
      all.putObject("event")
          .put("id", event.id())
          .put("source", event.source())
          .put("type", event.type())
          .put("subject", event.subject());
    }
    if (cause.replayOf() != null) {
      all.put("replay_of", cause.replayOf());
    }
    return by(cause.by(), all).toString();
  }

  private String write(RunCause.Mcp cause) {
    ObjectNode all = of(Kind.MCP);
    RunCause.Client client = cause.client();
    if (client != null) {
      all.putObject("client").put("name", client.name()).put("version", client.version());
    }
    RunCause.Grant grant = cause.grant();
    if (grant != null) {
      all.put("granted_to", grant.client());
      if (grant.id() != null) {
        all.put("grant", grant.id().toString());
      }
    }
    return by(cause.by(), all).toString();
  }

  private String write(RunCause.Run cause) {
    ObjectNode all = of(Kind.RUN);
    RunCause.Parent parent = cause.parent();
    if (parent != null) {
      all.put("run", parent.run()).put("task", parent.task());
    }
    return all.toString();
  }

  private static ObjectNode by(RunCause.@Nullable By by, ObjectNode all) {
    if (by != null) {
      ObjectNode who = all.putObject("by").put("user", by.user());
      if (by.token() != null) {
        who.put("token", by.token());
      }
      if (by.client() != null) {
        who.put("client", by.client());
      }
    }
    return all;
  }

  private ObjectNode of(Kind kind) {
    return json.object().put("kind", kind.code());
  }

  /**
   * Reads a stored cause.
   *
   * @return unknown where this version knows no such kind, or does not understand its fields
   */
  public RunCause read(String stored) {
    JsonNode cause = json.tree(stored);
    String kind = cause.path("kind").asText();
    return Kind.of(kind)
        .flatMap(known -> read(known, cause))
        .orElseGet(() -> new RunCause.Unknown(kind, stored));
  }

  private static Optional<RunCause> read(Kind kind, JsonNode cause) {
    try {
      return Optional.of(
          switch (kind) {
            case API -> new RunCause.Api(by(cause));
            case SCHEDULE -> schedule(cause);
            case WEBHOOK -> webhook(cause);
            case MCP -> mcp(cause);
            case RUN -> run(cause);
          });
    } catch (DateTimeException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static RunCause schedule(JsonNode cause) {
    String time = textOrNull(cause, "scheduled_for");
    if (time == null && !cause.path("manual").asBoolean()) {
      throw new IllegalArgumentException("It has no time.");
    }
    return new RunCause.Schedule(
        text(cause, "schedule"), time == null ? null : Instant.parse(time), by(cause));
  }

  private static RunCause webhook(JsonNode cause) {
    JsonNode event = cause.path("event");
    JsonNode replay = cause.path("replay_of");
    return new RunCause.Webhook(
        text(cause, "trigger"),
        text(cause, "scheme"),
        event.isMissingNode()
            ? null
            : new RunCause.Event(
                text(event, "id"),
                text(event, "source"),
                text(event, "type"),
                textOrNull(event, "subject")),
        replay.isMissingNode() ? null : replay.asLong(),
        by(cause));
  }

  private static RunCause mcp(JsonNode cause) {
    JsonNode client = cause.path("client");
    String granted = textOrNull(cause, "granted_to");
    String grant = textOrNull(cause, "grant");
    return new RunCause.Mcp(
        client.isMissingNode()
            ? null
            : new RunCause.Client(text(client, "name"), text(client, "version")),
        granted == null
            ? null
            : new RunCause.Grant(granted, grant == null ? null : UUID.fromString(grant)),
        by(cause));
  }

  private static RunCause run(JsonNode cause) {
    String run = textOrNull(cause, "run");
    return new RunCause.Run(run == null ? null : new RunCause.Parent(text(cause, "task"), run));
  }

  private static RunCause.@Nullable By by(JsonNode cause) {
    JsonNode by = cause.path("by");
    return by.isMissingNode()
        ? null
        : new RunCause.By(text(by, "user"), textOrNull(by, "token"), textOrNull(by, "client"));
  }

  private static String text(JsonNode of, String field) {
    String text = textOrNull(of, field);
    if (text == null) {
      throw new IllegalArgumentException("It has no " + field + ".");
    }
    return text;
  }

  private static @Nullable String textOrNull(JsonNode of, String field) {
    return of.path(field).textValue();
  }
}
