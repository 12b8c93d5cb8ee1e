package dev.errand.models.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r\n"})
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
  void anEventThatTheStreamEndsInIsOne() {
    EventReader reader = new EventReader();

    assertEquals(List.of(), reader.read("data: a".getBytes(StandardCharsets.UTF_8)));
    assertEquals(List.of("a"), reader.end());
  }
}
