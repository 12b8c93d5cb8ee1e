package dev.errand.runs.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.message.Message;
import dev.errand.models.message.MessageForm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunEntryCodecTest {
  // As the service's own mapper: all digits of a number are kept.
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final MessageForm messages = new MessageForm(new Json(JSON));
  private final RunEntryCodec codec =
      new RunEntryCodec(new Json(JSON), messages, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  /** What earlier versions wrote: in each line the kind of the entry and its stored form. */
  @Test
  void anOriginalOfAnotherFormIsNotShown() {
    assertEquals(
        "{\"msg\":\"message\",\"later\":2}",
        RunEntryCodec.shown(
            "{\"msg\":\"message\",\"original\":{\"sent\":[1],\"runner\":\"x\"},\"later\":2}"));
  }

  @Test
  void anOriginalIsShownAsRawWhereItIsAskedFor() {
    String stored =
        "{\"msg\":\"message\",\"ms\":1,\"original\":{\"runner\":\"x\",\"sent\":[{\"n\":1.50}]}}";

    assertEquals(
        "{\"msg\":\"message\",\"ms\":1,\"raw\":[{\"n\":1.50}]}", EntryCopy.whole(true).of(stored));
    assertEquals("{\"a\":1}", EntryCopy.whole(true).of("{\"a\":1}"));
  }

  @Test
  void whatIsStoredIsReadByItsKindAndWrittenAndShownTheSame() {
    List<String> shown = lines("shown.txt");
    Set<String> kinds = new TreeSet<>();
    int number = 0;
    for (String line : lines("stored.txt")) {
      String kind = line.substring(0, line.indexOf(' '));
      String stored = line.substring(kind.length() + 1);
      TimedEntry read = codec.read(stored);
      assertEquals(kind, read.entry().getClass().getSimpleName(), stored);
      assertEquals(stored, codec.write(read));
      assertEquals(shown.get(number), RunEntryCodec.shown(stored));
      assertEquals(read, codec.read(stored), "entries are values");
      kinds.add(kind);
      number++;
    }
    assertEquals(shown.size(), number);
    Set<String> all = new TreeSet<>(List.of("Unknown"));
    all.addAll(kinds);
    assertEquals(all, names(RunEntry.class.getPermittedSubclasses()), "every kind is there");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"msg\":\"approval"
            + " asked\",\"time\":7,\"level\":30,\"approval\":{\"n\":1.50,\"of\":[null]}}",
        "{\"msg\":\"message\",\"time\":7,\"level\":30,\"exchange\":{\"role\":\"critic\",\"content\":\"x\"}}",
        "{\"level\":30,\"time\":7}",
        "{}",
        "[1]",
      })
  void anEntryOfAnUnknownKindIsKeptAndShownAsItIs(String stored) {
    assertEquals(new RunEntry.Unknown(tree(stored)), codec.read(stored).entry());
    assertEquals(stored, codec.write(codec.read(stored)));
    assertEquals(stored, RunEntryCodec.shown(stored));
  }

  @Test
  void unknownFieldsOfAKnownKindAreShownAndHideNothing() {
    for (String line : lines("stored.txt")) {
      String stored = line.substring(line.indexOf(' ') + 1);
      String more = "{\"newer\":{\"n\":1.50}," + stored.substring(1);
      assertEquals(codec.read(stored), codec.read(more));
      assertEquals(
          "{\"newer\":{\"n\":1.50}," + RunEntryCodec.shown(stored).substring(1),
          RunEntryCodec.shown(more));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5_000, 70_000, 1_000_000})
  void originalMessagesOfAVendorAreStoredButNotShown(int size) {
    ObjectNode message = message("ü\"" + "x".repeat(size));
    message.putObject("own").putObject("original").put("runner", "x");
    Message.Original original =
        new Message.Original("openai", message.deepCopy().putNull("refusal"));
    String kept = codec.write(new RunEntry.Answer(messages.assistant(message, original), null));

    assertEquals(
        codec.write(new RunEntry.Answer(messages.assistant(message, null), null)),
        RunEntryCodec.shown(kept));
    RunEntry.Answer read = (RunEntry.Answer) codec.read(kept).entry();
    assertEquals(original, read.message().original());
  }

  @Test
  void whatIsLikeItIsShown() {
    ObjectNode message = message("{\"a\":1,\"original\":{\"runner\":\"openai\"}}");
    message.put("a", 1).putObject("original").put("runner", "openai");
    String kept =
        codec.write(
            new RunEntry.FinalMessage(
                messages.assistant(message, null), new RunEntry.EndedRequest(12, null)));

    assertEquals(kept, RunEntryCodec.shown(kept));
    assertEquals(message, tree(kept).path("lastMessage"));
    RunEntry.FinalMessage read = (RunEntry.FinalMessage) codec.read(kept).entry();
    assertNull(read.message().original());
  }

  private static ObjectNode message(String content) {
    return JSON.createObjectNode().put("role", "assistant").put("content", content);
  }

  private static Set<String> names(Class<?>[] classes) {
    Set<String> names = new TreeSet<>();
    for (Class<?> each : classes) {
      names.add(each.getSimpleName());
    }
    return names;
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> lines(String file) {
    try (InputStream stored =
        Objects.requireNonNull(RunEntryCodecTest.class.getResourceAsStream("/entries/" + file))) {
      return new String(stored.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
