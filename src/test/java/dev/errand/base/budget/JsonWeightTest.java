package dev.errand.base.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonWeightTest {
  // So much that what else a test's process keeps meanwhile makes no difference.
  private static final int ITEMS = 100_000;
  private static final String ORDINARY =
      "{\"id\":\"call_1\",\"type\":\"function\",\"index\":1000,\"score\":0.125,\"function\":"
          + "{\"name\":\"fetch_fetch\",\"arguments\":\"{\\\"url\\\":\\\"https://example.org/\\\"}\"}}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[[[[]]]]",
        "{\"a\":0}",
        "1.5",
        "\"ab\"",
        "\"fifty letters, one of which is not of Latin-1: 一\"",
        ORDINARY
      })
  void aTreeTakesNoMoreThanItsTextWeighs(String item) throws Exception {
    byte[] text = ("[" + (item + ",").repeat(ITEMS) + item + "]").getBytes(StandardCharsets.UTF_8);
    ObjectMapper json =
        new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    json.readTree(text);
    // What else goes on in this process may add to one measurement or take from it.
    long[] measured = {memoryOf(json, text), memoryOf(json, text), memoryOf(json, text)};
    Arrays.sort(measured);
    long took = measured[1];
    long weight = JsonWeight.of(text);
    assertTrue(weight > took * 0.9, item + " takes " + took + ", and weighs " + weight);
    if (item.equals(ORDINARY)) {
      assertTrue(weight < took * 2.5, item + " takes " + took + ", and weighs " + weight);
    }
  }

  @Test
  void marksInsideAStringWeighNothing() {
    String marks = "\"{[,:\\\"{[,:\"";
    assertEquals(JsonWeight.of("\"" + "x".repeat(marks.length() - 2) + "\""), JsonWeight.of(marks));
    assertEquals(JsonWeight.of(marks), JsonWeight.of(marks.getBytes(StandardCharsets.UTF_8)));
  }

  private static long memoryOf(ObjectMapper json, byte[] text) throws IOException {
    long before = inUse();
    JsonNode tree = json.readTree(text);
    long took = inUse() - before;
    // Asked after it is measured, the tree is there for as long.
    assertEquals(ITEMS + 1, tree.size());
    return took;
  }

  private static long inUse() {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
