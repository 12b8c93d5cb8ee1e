package dev.errand.runs.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.message.Message;
import dev.errand.models.message.MessageForm;
import dev.errand.models.port.Usage;
import dev.errand.runs.entry.RunEntry.EndedRequest;
import dev.errand.tools.port.Content;
import dev.errand.tools.port.ToolEgress;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads the entries of a run's {@code results}, each a JSON object. Clients are shown
 * the stored text, but for the form of a message that only its vendor knows.
 */
@Singleton
public class RunEntryCodec {
  private static final String MSG = "msg";
  private static final String TIME = "time";
  private static final String LEVEL = "level";
  private static final String EXCHANGE = "exchange";
  private static final String LAST_MESSAGE = "lastMessage";
  private static final String PARAMS = "params";
  private static final String NAME = "name";
  private static final String ARGUMENTS = "arguments";
  private static final String CALL_ID = "tool_call_id";
  private static final String TOOL = "tool";
  private static final String IS_ERROR = "is_error";
  private static final String DECLINED = "declined";
  private static final String MS = "ms";
  private static final String TOOLS = "tools";
  private static final String USAGE = "usage";
  private static final String PROMPT_TOKENS = "prompt_tokens";
  private static final String COMPLETION_TOKENS = "completion_tokens";
  private static final String TOTAL_TOKENS = "total_tokens";
  private static final String CACHED_TOKENS = "cached_tokens";
  private static final String CACHE_WRITE_TOKENS = "cache_write_tokens";
  private static final String REASONING_TOKENS = "reasoning_tokens";
  private static final String COST_USD = "cost_usd";
  private static final String SERVICE_TIER = "service_tier";
  private static final String EGRESS = "egress";
  private static final String ATTACHMENTS = "attachments";
  private static final String DATA = "data";
  private static final String MIME_TYPE = "mimeType";
  private static final String CODE = "code";
  private static final String TRY = "try";
  private static final String ERROR = "error";
  private static final String ANEW = "anew";
  private static final String ORIGINAL = "original";
  private static final String RUNNER = "runner";
  private static final String REPAIR = "repair";
  private static final String SENT = "sent";
  private static final String APPROVAL = "approval";
  private static final String ID = "id";
  private static final String STATUS = "status";
  private static final String EXPIRES_AT = "expires_at";
  private static final String MAY_HAVE_RUN = "may_have_run";
  private static final String DECIDED_AT = "decided_at";
  private static final String DECIDED_BY = "decided_by";
  private static final String DECIDED_WITH = "decided_with";
  private static final String REASON = "reason";
  private static final String ORIGINAL_BEGINS = ",\"" + ORIGINAL + "\":";

  private static final int INFO = 30;
  private static final int FAILED = 50;

  private final Json json;
  private final MessageForm messages;
  private final Clock clock;

  public RunEntryCodec(Json json, MessageForm messages, Clock clock) {
    this.json = json;
    this.messages = messages;
    this.clock = clock;
  }

  /** Entries that are recorded now. */
  public NewEntries write(List<RunEntry> entries) {
    List<String> stored = new ArrayList<>(entries.size());
    List<String> warnings = new ArrayList<>();
    for (RunEntry entry : entries) {
      stored.add(write(entry));
      if (entry instanceof RunEntry.Warning warning) {
        warnings.add(warning.code());
      }
    }
    return new NewEntries(stored, warnings);
  }

  /** An entry that is recorded now, as it is stored. */
  public String write(RunEntry entry) {
    return write(clock.millis(), entry);
  }

  public String write(TimedEntry entry) {
    return write(entry.time().toEpochMilli(), entry.entry());
  }

  private String write(long time, RunEntry entry) {
    return json.write(
        switch (entry) {
          case RunEntry.Prompt(Message.User message) ->
              attached(message.pictures(), exchange("message", time, message));
          case RunEntry.Repair(Message.User message) ->
              exchange("message", time, message).put(REPAIR, true);
          case RunEntry.Answer(Message.Assistant message, EndedRequest asked) ->
              sent(message, asked(asked, exchange("message", time, message)));
          case RunEntry.FinalMessage(Message.Assistant message, EndedRequest asked) -> {
            ObjectNode last = entry("final message", time, INFO);
            yield sent(message, asked(asked, last.set(LAST_MESSAGE, MessageForm.of(message))));
          }
          case RunEntry.ToolCallRequested(Message.ToolCall call) -> {
            ObjectNode request = entry("call tool request", time, INFO);
            request.putObject(PARAMS).put(NAME, call.name()).set(ARGUMENTS, call.arguments());
            yield request.put(CALL_ID, call.id());
          }
          case RunEntry.ToolResult result -> result(time, result);
          case RunEntry.LogLine(String tool, int level, String line) ->
              entry(line, time, level).put(TOOL, tool);
          case RunEntry.Warning(String code, String sentence) ->
              entry(sentence, time, RunEntry.WARNING).put(CODE, code);
          case RunEntry.FailedTry(String code, String sentence, int number, EndedRequest asked) ->
              asked(
                  asked, entry(sentence, time, RunEntry.WARNING).put(CODE, code).put(TRY, number));
          case RunEntry.Failure(String code, String sentence, EndedRequest asked) ->
              asked(asked, entry("run failed", time, FAILED).put(ERROR, sentence).put(CODE, code));
          case RunEntry.Retried(boolean isAnew) -> {
            ObjectNode retried = entry(RunEntry.Retried.TEXT, time, INFO);
            yield isAnew ? retried.put(ANEW, true) : retried;
          }
          case RunEntry.ApprovalRequested requested -> requested(time, requested);
          case RunEntry.ApprovalDecided decided -> decided(time, decided);
          case RunEntry.Unknown(JsonNode stored) -> stored;
        });
  }

  private ObjectNode entry(String msg, long time, int level) {
    return json.object().put(MSG, msg).put(TIME, time).put(LEVEL, level);
  }

  private ObjectNode exchange(String msg, long time, Message message) {
    return entry(msg, time, INFO).set(EXCHANGE, MessageForm.of(message));
  }

  private static ObjectNode asked(@Nullable EndedRequest asked, ObjectNode entry) {
    if (asked != null) {
      entry.put(MS, asked.ms());
      if (asked.tools() != null) {
        entry.put(TOOLS, asked.tools());
      }
      if (asked.used() != null) {
        used(asked.used(), entry.putObject(USAGE));
      }
    }
    return entry;
  }

  private static void used(Usage.Step used, ObjectNode to) {
    to.put(PROMPT_TOKENS, used.promptTokens())
        .put(COMPLETION_TOKENS, used.completionTokens())
        .put(TOTAL_TOKENS, used.totalTokens());
    putSome(to, CACHED_TOKENS, used.cachedTokens());
    putSome(to, CACHE_WRITE_TOKENS, used.cacheWriteTokens());
    putSome(to, REASONING_TOKENS, used.reasoningTokens());
    if (used.costUsd() != null) {
      to.put(COST_USD, used.costUsd());
    }
    if (used.serviceTier() != null) {
      to.put(SERVICE_TIER, used.serviceTier());
    }
  }

  private static void putSome(ObjectNode to, String field, long count) {
    if (count > 0) {
      to.put(field, count);
    }
  }

  private ObjectNode result(long time, RunEntry.ToolResult result) {
    ObjectNode entry = exchange("call tool result", time, result.message());
    if (result.tool() != null) {
      entry.put(TOOL, result.tool());
    }
    entry.put(IS_ERROR, result.message().isError());
    if (result.message().isDeclined()) {
      entry.put(DECLINED, true);
    }
    if (result.ms() != null) {
      entry.put(MS, result.ms());
    }
    if (!result.egress().isEmpty()) {
      ArrayNode egress = entry.putArray(EGRESS);
      result.egress().forEach(request -> write(request, egress.addObject()));
    }
    return attached(result.message().pictures(), entry);
  }

  private static void write(ToolEgress request, ObjectNode to) {
    to.put("host", request.host()).put("method", request.method());
    if (request.status() != null) {
      to.put("status", request.status());
    }
    to.put("bytes", request.bytes()).put(MS, request.ms());
    if (request.refused() != null) {
      to.put("refused", request.refused());
    }
    if (request.failed() != null) {
      to.put("failed", request.failed());
    }
  }

  private ObjectNode requested(long time, RunEntry.ApprovalRequested requested) {
    ObjectNode entry = entry("approval requested", time, INFO).put(CALL_ID, requested.callId());
    ObjectNode approval =
        entry
            .putObject(APPROVAL)
            .put(ID, requested.approval().toString())
            .put(TOOL, requested.tool())
            .put(EXPIRES_AT, requested.expiresAt().toString());
    if (requested.mayHaveRun()) {
      approval.put(MAY_HAVE_RUN, true);
    }
    return entry;
  }

  private ObjectNode decided(long time, RunEntry.ApprovalDecided decided) {
    ObjectNode entry = entry("approval decided", time, INFO).put(CALL_ID, decided.callId());
    ObjectNode approval =
        entry
            .putObject(APPROVAL)
            .put(ID, decided.approval().toString())
            .put(TOOL, decided.tool())
            .put(STATUS, decided.status())
            .put(DECIDED_AT, decided.at().toString());
    put(approval, DECIDED_BY, decided.by());
    put(approval, DECIDED_WITH, decided.with());
    put(approval, REASON, decided.reason());
    if (decided.arguments() != null) {
      approval.set(ARGUMENTS, decided.arguments());
    }
    return entry;
  }

  private static void put(ObjectNode to, String field, @Nullable String text) {
    if (text != null) {
      to.put(field, text);
    }
  }

  // Pictures are stored in the form of the Model Context Protocol.
  private static ObjectNode attached(List<Content.Image> pictures, ObjectNode entry) {
    if (!pictures.isEmpty()) {
      ArrayNode attachments = entry.putArray(ATTACHMENTS);
      for (Content.Image picture : pictures) {
        attachments
            .addObject()
            .put("type", "image")
            .put(DATA, picture.data())
            .put(MIME_TYPE, picture.mimeType());
      }
    }
    return entry;
  }

  private static ObjectNode sent(Message.Assistant message, ObjectNode entry) {
    Message.Original original = message.original();
    if (original != null) {
      // Never the first field: shown() cuts it out with the comma before it.
      entry.putObject(ORIGINAL).put(RUNNER, original.runner()).set(SENT, original.sent());
    }
    return entry;
  }

  public TimedEntry read(String stored) {
    return read(json.tree(stored));
  }

  public TimedEntry read(JsonNode stored) {
    return new TimedEntry(
        Instant.ofEpochMilli(stored.path(TIME).asLong()),
        stored instanceof ObjectNode entry ? entry(entry) : new RunEntry.Unknown(stored));
  }

  // The text of a line or of a warning may be that of another kind: what an entry has tells more.
  private RunEntry entry(ObjectNode stored) {
    if (stored.get(EXCHANGE) instanceof ObjectNode exchange) {
      return exchanged(exchange, stored);
    }
    if (stored.get(LAST_MESSAGE) instanceof ObjectNode last) {
      return new RunEntry.FinalMessage(messages.assistant(last, original(stored)), askedOf(stored));
    }
    if (stored.get(PARAMS) instanceof ObjectNode params && params.has(ARGUMENTS)) {
      return new RunEntry.ToolCallRequested(
          new Message.ToolCall(text(stored, CALL_ID), text(params, NAME), params.path(ARGUMENTS)));
    }
    if (stored.get(APPROVAL) instanceof ObjectNode approval) {
      return approval(approval, stored);
    }
    String msg = text(stored, MSG);
    int level = stored.path(LEVEL).asInt();
    String code = text(stored, CODE);
    if (stored.has(ERROR)) {
      return new RunEntry.Failure(code, text(stored, ERROR), askedOf(stored));
    }
    if (stored.path(TRY).isInt()) {
      return new RunEntry.FailedTry(code, msg, stored.path(TRY).intValue(), askedOf(stored));
    }
    if (stored.has(TOOL)) {
      return new RunEntry.LogLine(text(stored, TOOL), level, msg);
    }
    if (level == RunEntry.WARNING && stored.has(CODE)) {
      return new RunEntry.Warning(code, msg);
    }
    return msg.equals(RunEntry.Retried.TEXT)
        ? new RunEntry.Retried(stored.path(ANEW).asBoolean())
        : new RunEntry.Unknown(stored);
  }

  private static RunEntry approval(ObjectNode approval, ObjectNode stored) {
    try {
      UUID id = UUID.fromString(text(approval, ID));
      String callId = text(stored, CALL_ID);
      String tool = text(approval, TOOL);
      if (!approval.has(STATUS)) {
        return new RunEntry.ApprovalRequested(
            id,
            callId,
            tool,
            Instant.parse(text(approval, EXPIRES_AT)),
            approval.path(MAY_HAVE_RUN).asBoolean());
      }
      return new RunEntry.ApprovalDecided(
          id,
          callId,
          tool,
          text(approval, STATUS),
          Instant.parse(text(approval, DECIDED_AT)),
          approval.path(DECIDED_BY).textValue(),
          approval.path(DECIDED_WITH).textValue(),
          approval.path(REASON).textValue(),
          approval.get(ARGUMENTS));
    } catch (IllegalArgumentException | DateTimeException e) {
      return new RunEntry.Unknown(stored);
    }
  }

  private RunEntry exchanged(ObjectNode exchange, ObjectNode stored) {
    boolean isError = stored.path(IS_ERROR).asBoolean();
    return switch (messages.read(exchange, isError, pictures(stored), original(stored))) {
      // A version that does not know repairs reads them as prompts, too.
      case Message.User user ->
          stored.has(REPAIR) ? new RunEntry.Repair(user) : new RunEntry.Prompt(user);
      case Message.Assistant assistant -> new RunEntry.Answer(assistant, askedOf(stored));
      case Message.ToolResult result ->
          new RunEntry.ToolResult(
              stored.path(DECLINED).asBoolean() ? result.declined() : result,
              stored.has(TOOL) ? text(stored, TOOL) : null,
              stored.has(MS) ? stored.path(MS).asLong() : null,
              egress(stored.path(EGRESS)));
      case null, default -> new RunEntry.Unknown(stored);
    };
  }

  private static @Nullable EndedRequest askedOf(ObjectNode stored) {
    if (!stored.has(MS)) {
      return null;
    }
    long ms = stored.path(MS).asLong();
    return new EndedRequest(ms, stored.has(TOOLS) ? text(stored, TOOLS) : null, usedOf(stored, ms));
  }

  private static Usage.@Nullable Step usedOf(ObjectNode stored, long ms) {
    JsonNode usage = stored.path(USAGE);
    return usage.isObject()
        ? new Usage.Step(
            usage.path(PROMPT_TOKENS).asLong(),
            usage.path(COMPLETION_TOKENS).asLong(),
            usage.path(TOTAL_TOKENS).asLong(),
            usage.path(CACHED_TOKENS).asLong(),
            usage.path(CACHE_WRITE_TOKENS).asLong(),
            usage.path(REASONING_TOKENS).asLong(),
            usage.path(COST_USD).isNumber() ? usage.path(COST_USD).asDouble() : null,
            ms,
            usage.path(SERVICE_TIER).textValue())
        : null;
  }

  private static List<ToolEgress> egress(JsonNode requests) {
    List<ToolEgress> read = new ArrayList<>(requests.size());
    for (JsonNode request : requests) {
      read.add(
          new ToolEgress(
              text(request, "host"),
              text(request, "method"),
              request.has("status") ? request.path("status").asInt() : null,
              request.path("bytes").asLong(),
              request.path(MS).asLong(),
              request.has("refused") ? text(request, "refused") : null,
              request.has("failed") ? text(request, "failed") : null));
    }
    return read;
  }

  private static List<Content.Image> pictures(ObjectNode stored) {
    JsonNode attachments = stored.path(ATTACHMENTS);
    List<Content.Image> pictures = new ArrayList<>(attachments.size());
    for (JsonNode part : attachments) {
      pictures.add(new Content.Image(text(part, DATA), text(part, MIME_TYPE)));
    }
    return pictures;
  }

  private static Message.@Nullable Original original(ObjectNode stored) {
    return stored.get(ORIGINAL) instanceof ObjectNode kept
        ? new Message.Original(text(kept, RUNNER), kept.path(SENT))
        : null;
  }

  private static String text(JsonNode object, String field) {
    return object.path(field).asText();
  }

  /** An entry as clients see it: without its vendor's form of a message. */
  public static String shown(String stored) {
    return stored.contains(ORIGINAL_BEGINS) ? EntryCopy.whole(false).of(stored) : stored;
  }

  /** The usage of a run so far, in the form that the queue stores beside the entries. */
  public String usage(Usage usage) {
    return json.write(usage);
  }
}
