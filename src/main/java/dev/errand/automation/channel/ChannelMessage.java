package dev.errand.automation.channel;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message for a person: what happened, since when, why, and what to do. All texts are plain: each
 * kind of channel escapes them, so that none can form links or markup.
 *
 * @param event the type of what happened, such as {@code run.error}
 * @param title what happened, in a line
 * @param since when it began
 * @param happenedAt when it happened, such as the last of failures in a row
 * @param zone the name of the time zone in which its times are shown; null for UTC. Left out where
 *     it is null, since a process of the version before does not know it
 * @param why the reason, sentences; null where there is none to tell
 * @param todo what to do, a sentence; null for nothing
 * @param url the address of the page that shows it; null where none is known
 * @param facts names and values, such as the task and the run
 * @param quoted texts of models and tools that the notice asks for, such as the output; empty else
 * @param data the event for programs, as a callback would have it
 * @param answer what the run answered, where that is told; null else. It is read when the message
 *     is sent, and stored with the run alone
 */
@RegisterForReflection
public record ChannelMessage(
    String event,
    String title,
    Instant since,
    Instant happenedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String zone,
    @Nullable String why,
    @Nullable String todo,
    @Nullable String url,
    List<Fact> facts,
    List<Fact> quoted,
    JsonNode data,
    @JsonIgnore @Nullable RunAnswer answer) {
  @RegisterForReflection
  public record Fact(String name, String value) {}

  /** A message without an answer. */
  public ChannelMessage(
      String event,
      String title,
      Instant since,
      Instant happenedAt,
      @Nullable String zone,
      @Nullable String why,
      @Nullable String todo,
      @Nullable String url,
      List<Fact> facts,
      List<Fact> quoted,
      JsonNode data) {
    this(event, title, since, happenedAt, zone, why, todo, url, facts, quoted, data, null);
  }

  /** The same with an answer; null for none. */
  public ChannelMessage with(@Nullable RunAnswer answer) {
    return new ChannelMessage(
        event, title, since, happenedAt, zone, why, todo, url, facts, quoted, data, answer);
  }
}
