package dev.errand.runs.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The causes of runs as they are stored: those in the file are from before they had types. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RunCauseCodecTest {
  private static final Path STORED = Path.of("src/test/resources/runs/causes.jsonl");
  private static final UUID GRANT = UUID.fromString("5101ffee-7f60-4e97-87a9-2abbbb883335");
  private static final RunCause.Client CLIENT = new RunCause.Client("a test", "1.2");

  private static final List<RunCause> CAUSES =
      List.of(
          new RunCause.Api(null),
          new RunCause.Schedule("hourly", Instant.parse("2026-11-24T13:00:00Z")),
          new RunCause.Schedule("often", null, null),
          new RunCause.Webhook("signed", "url", null, null, null),
          new RunCause.Webhook("std", "standard-webhooks", null, null, null),
          new RunCause.Webhook("signed", "url", null, 36L, null),
          new RunCause.Webhook(
              "bear",
              "bearer",
              new RunCause.Event("A234-1234-1234", "/mycontext", "com.example.someevent", null),
              null,
              null),
          new RunCause.Webhook(
              "bear",
              "bearer",
              new RunCause.Event(
                  "42 \"é\" \\ / 😀 \u2028",
                  "https://example.com/öl?a=b&c=<d>",
                  "t\tn\nx\u0001",
                  "a subject"),
              9_007_199_254_740_993L,
              null),
          new RunCause.Mcp(null, null, null),
          new RunCause.Mcp(CLIENT, null, null),
          new RunCause.Mcp(new RunCause.Client("Café \"<b>\"", ""), null, null),
          new RunCause.Mcp(CLIENT, new RunCause.Grant("chat-1", null), null),
          new RunCause.Mcp(CLIENT, new RunCause.Grant("Chat (chat.example)", GRANT), null),
          new RunCause.Mcp(null, new RunCause.Grant("Chat \"<é>\" (chat.example)", GRANT), null),
          new RunCause.Run(null),
          new RunCause.Run(new RunCause.Parent("begins", "above")),
          new RunCause.Run(new RunCause.Parent("begins", "a \"b\" <i> 😀")),
          new RunCause.Api(new RunCause.By("ada", null, null)),
          new RunCause.Api(new RunCause.By("ada", "ci", null)),
          new RunCause.Schedule("often", null, new RunCause.By("ada", null, null)),
          new RunCause.Webhook("in", "url", null, 36L, new RunCause.By("ada", "ci", null)),
          new RunCause.Mcp(
              CLIENT,
              new RunCause.Grant("Chat (chat.example)", GRANT),
              new RunCause.By("ada", null, "Chat (chat.example)")));

  @Inject RunCauseCodec json;

  @Test
  void everyStoredCauseIsRead() throws IOException {
    List<RunCause> read = new ArrayList<>();
    for (String stored : stored()) {
      read.add(json.read(stored));
    }
    assertEquals(CAUSES, read);
  }

  @Test
  void everyCauseIsWrittenAsItIsStored() throws IOException {
    assertEquals(stored(), CAUSES.stream().map(json::write).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kind\":\"email\", \"from\":\"ada\",\"score\":1.10}",
        "{}",
        "[\"api\"]",
        "{\"kind\":\"schedule\",\"schedule\":\"hourly\"}",
        "{\"kind\":\"schedule\",\"schedule\":\"hourly\",\"scheduled_for\":\"soon\"}",
        "{\"kind\":\"webhook\",\"trigger\":\"in\"}",
        "{\"kind\":\"webhook\",\"trigger\":\"in\",\"scheme\":\"url\",\"event\":7}",
        "{\"kind\":\"mcp\",\"client\":\"a test\"}",
        "{\"kind\":\"mcp\",\"granted_to\":\"Chat\",\"grant\":\"7\"}",
        "{\"kind\":\"run\",\"run\":\"above\"}",
        "{\"kind\":\"api\",\"by\":\"ada\"}"
      })
  void aCauseOfAnotherVersionIsKeptAsItIs(String stored) {
    RunCause cause = json.read(stored);
    assertEquals(RunCause.Unknown.class, cause.getClass());
    assertEquals(stored, json.write(cause));
  }

  private static List<String> stored() throws IOException {
    return Files.readAllLines(STORED);
  }
}
