package dev.errand.base.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  private final Json json = new Json(new ObjectMapper());

  @Test
  void writtenJsonIsReadAgain() {
    String written = json.write(Map.of("a", 1));
    assertEquals("{\"a\":1}", written);
    assertEquals(Map.of("a", 1), json.read(written, Map.class));
    assertEquals(json.object().put("a", 1), json.tree(written));
    assertEquals(Optional.of(json.tree(written)), json.parse(json.bytes(Map.of("a", 1))));
  }

  @Test
  void buffersBelongToThePoolAndNotToThreads() {
    ObjectMapper mapper = new ApplicationJson().mapper(List.of());
    String written = new Json(mapper).write(Map.of("a", 1));
    assertEquals(Map.of("a", 1), new Json(mapper).read(written, Map.class));
    assertTrue(mapper.getFactory()._getRecyclerPool().pooledCount() > 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cret", "{\"s3cret\":", "[\"s3cret\" s3cret]", "{\"s3cret\":s3cret}"})
  void anErrorQuotesNothingOfDamagedJson(String damaged) {
    for (var reading :
        new Runnable[] {() -> json.tree(damaged), () -> json.read(damaged, Map.class)}) {
      IllegalStateException e = assertThrows(IllegalStateException.class, reading::run);
      assertFalse(String.valueOf(e.getMessage()).contains("s3cret"), e.getMessage());
      assertNull(e.getCause());
    }
  }

  @Test
  void foreignTextNeedNotBeJson() {
    assertEquals(Optional.empty(), json.parse("{"));
    assertEquals(Optional.empty(), json.parse("{".getBytes(StandardCharsets.UTF_8)));
  }
}
