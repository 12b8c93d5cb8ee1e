package dev.errand.tools.mcp.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventSplitterTest {
  @Test
  void eventsEndAtEmptyLinesWhateverTheLineEnds() {
    assertEquals(List.of("a", "b\nc", ""), read("data: a\n\ndata:b\r\ndata: c\r\n\r\ndata\r\r"));
  }

  @Test
  void commentsNamesAndIdsAreSkipped() {
    assertEquals(
        List.of("{}"), read("\uFEFF: keep\nevent: message\nid: 7\nretry: 1\ndata: {}\n\n\n\n"));
  }

  @Test
  void whatTheEndCutsOffIsNoEvent() {
    assertEquals(List.of("a"), read("data: a\n\ndata: b\n"));
  }

  @Test
  void piecesMayEndAnywhere() {
    List<String> events = new ArrayList<>();
    EventSplitter stream = new EventSplitter(events::add);
    for (byte b : "data: ü→\r\n\r\ndata: x\r\n\r\n".getBytes(StandardCharsets.UTF_8)) {
      stream.feed(new byte[] {b});
    }
    assertEquals(List.of("ü→", "x"), events);
  }

  private static List<String> read(String text) {
    List<String> events = new ArrayList<>();
    new EventSplitter(events::add).feed(text.getBytes(StandardCharsets.UTF_8));
    return events;
  }
}
