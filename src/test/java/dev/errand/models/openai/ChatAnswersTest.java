package dev.errand.models.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.models.message.Message;
import dev.errand.models.port.Bounds;
import dev.errand.models.port.ModelPort.Question;
import dev.errand.models.port.Turn;
import dev.errand.models.port.Usage;
import dev.errand.models.wire.ModelCall;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.entry.RunEntryCodec;
import dev.errand.runs.entry.TimedEntry;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is stored and sent back of a model's answer is what earlier versions stored and sent. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ChatAnswersTest {
  private static final Instant TIME = Instant.ofEpochMilli(1_795_765_933_716L);
  private static final RunEntry.EndedRequest ASKED = new RunEntry.EndedRequest(7, null);

  @Inject ChatAnswers answers;
  @Inject RunEntryCodec codec;
  @Inject Json json;

  @Test
  void answersAreStoredAndSentBackAsEarlierVersionsDid() throws IOException {
    List<String> lines = lines();
    for (String line : lines) {
      JsonNode golden = json.tree(line);
      Message.Assistant message = read(golden.path("sent").asText());

      String answer = golden.path("answer").asText();
      assertEquals(answer, written(new RunEntry.Answer(message, ASKED)));
      assertEquals(
          golden.path("final").asText(), written(new RunEntry.FinalMessage(message, ASKED)));
      List<String> calls = new ArrayList<>();
      for (Message.ToolCall call : message.toolCalls()) {
        calls.add(written(new RunEntry.ToolCallRequested(call)));
      }
      assertEquals(texts(golden.path("calls")), calls);
      assertEquals(golden.path("output").asText(), message.output());
      assertEquals(texts(golden.path("back")), sentBack(message));
      RunEntry.Answer read = assertInstanceOf(RunEntry.Answer.class, codec.read(answer).entry());
      assertEquals(message, read.message(), "a resumed run has the same message");
      assertEquals(texts(golden.path("back")), sentBack(read.message()));
    }
    assertEquals(13, lines.size());
  }

  @Test
  void tokensThatTheCacheReadsAndWritesAreCounted() {
    JsonNode completion =
        json.tree(
            """
            {"choices": [{"message": {"content": "Hello"}}],
             "usage": {"prompt_tokens": 100, "completion_tokens": 5,
                       "prompt_tokens_details": {"cached_tokens": 20, "cache_write_tokens": 30}}}""");
    Usage.Step used = assertInstanceOf(Turn.class, answers.read(call(), completion, 7)).used();

    assertEquals(100, used.promptTokens());
    assertEquals(20, used.cachedTokens());
    assertEquals(30, used.cacheWriteTokens());
  }

  private Message.Assistant read(String message) {
    ObjectNode completion = json.object();
    completion.withArray("choices").addObject().set("message", json.tree(message));
    return assertInstanceOf(Turn.class, answers.read(call(), completion, 7)).message();
  }

  private String written(RunEntry entry) {
    return codec.write(new TimedEntry(TIME, entry));
  }

  private List<String> sentBack(Message message) {
    return ChatMessages.of(List.of(message)).stream().map(json::write).toList();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static ModelCall call() {
    String url = "http://127.0.0.1/v1";
    OpenAiSettings settings = new OpenAiSettings("Hello", "m", url);
    Duration time = Duration.ofMinutes(5);
    Bounds bounds = new Bounds(TIME.plus(time), time, 9, 999, 1, 9, 3, Set.of(), Set.of());
    return new ModelCall(
        new Question<>(settings, "", List.of(), List.of(), bounds, null),
        URI.create(url),
        "chat/completions",
        Map.of(),
        () -> {
          throw new AssertionError("nothing is sent");
        });
  }

  private static List<String> lines() throws IOException {
    try (InputStream golden =
        Objects.requireNonNull(ChatAnswersTest.class.getResourceAsStream("/entries/answers.txt"))) {
      return new String(golden.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
