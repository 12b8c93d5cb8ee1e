package dev.errand.base.egress.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n", "\r"})
  void eventsAreReadWhereverTheBytesAreParted(String end) {
    String text =
        String.join(end, ": note", "event: x", "data: ä✓", "data:two", "", "data: [DONE]", "", "");
    for (int size = 1; size < 8; size++) {
      EventReader reader = new EventReader();
      List<String> events = new ArrayList<>();
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      for (int from = 0; from < bytes.length; from += size) {
        byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(from + size, bytes.length));
        events.addAll(reader.read(piece));
      }
      assertEquals(List.of("ä✓\ntwo", "[DONE]"), events);
      assertEquals(List.of(), reader.end());
    }
  }

  @Test
  void idsOfWholeEventsAndTheWaitAreKept() {
    EventReader reader = new EventReader();
    assertEquals(null, reader.lastId());
    assertEquals(null, reader.retry());
    assertEquals(List.of(""), read(reader, "id: a-1\nretry: 1500\ndata: \n\nid: a-2\ndata: x\n"));
    assertEquals("a-1", reader.lastId());
    assertEquals(Duration.ofMillis(1500), reader.retry());
    assertEquals(List.of("x"), read(reader, "\nretry: soon\nid: \0\nretry:\nidentity: b\n\n"));
    assertEquals("a-2", reader.lastId());
    assertEquals(Duration.ofMillis(1500), reader.retry());
    assertEquals(List.of(), read(reader, "id\n\n"));
    assertEquals(null, reader.lastId());
  }

  @Test
  void anEventThatTheStreamEndsInIsOne() {
    EventReader reader = new EventReader();

    assertEquals(List.of(), read(reader, "data: a"));
    assertEquals(List.of("a"), reader.end());
  }

  @Test
  void aReaderThatIsNotEndedDropsWhatIsCutOff() {
    assertEquals(List.of("a"), read(new EventReader(), "data: a\n\ndata: b\n"));
  }

  @Test
  void eventsEndAtEmptyLinesWithAnyLineEnding() {
    assertEquals(
        List.of("a", "b\nc", ""),
        read(new EventReader(), "data: a\n\ndata:b\r\ndata: c\r\n\r\ndata\r\r"));
  }

  @Test
  void commentsNamesAndIdsAreSkipped() {
    assertEquals(
        List.of("{}"),
        read(
            new EventReader(),
            "\uFEFF: keep\nevent: message\nid: 7\nretry: 1\ndatas: x\ndata: {}\n\n\n\n"));
  }

  private static List<String> read(EventReader reader, String text) {
    return reader.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
