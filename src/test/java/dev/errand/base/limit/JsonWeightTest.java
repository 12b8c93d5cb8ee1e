package dev.errand.base.limit;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonWeightTest {
  private static final int ITEMS = 100_000;
  private static final String ORDINARY =
      "{\"id\":\"call_1\",\"type\":\"function\",\"index\":1000,\"score\":0.125,\"function\":"
          + "{\"name\":\"fetch_fetch\",\"arguments\":\"{\\\"url\\\":\\\"https://example.org/\\\"}\"}}";

  private static final List<String> ITEMS_OF_ALL_KINDS =
      List.of(
          "{}",
          "[[[[]]]]",
          "{\"a\":0}",
          "1.5",
          "\"ab\"",
          "\"fifty letters, one of which is not of Latin-1: 一\"",
          ORDINARY);

  @TempDir Path folder;

  @Test
  void aTreeTakesNoMoreThanItsTextWeighs() throws Exception {
    List<Path> files = new ArrayList<>();
    List<Long> weights = new ArrayList<>();
    for (String item : ITEMS_OF_ALL_KINDS) {
      byte[] text =
          ("[" + (item + ",").repeat(ITEMS) + item + "]").getBytes(StandardCharsets.UTF_8);
      files.add(Files.write(folder.resolve(files.size() + ".json"), text));
      weights.add(JsonWeight.of(text));
    }
    List<Long> taken = TreeMemory.of(files);
    assertEquals(files.size(), taken.size());
    for (int i = 0; i < files.size(); i++) {
      String item = ITEMS_OF_ALL_KINDS.get(i);
      String figures = item + " takes " + taken.get(i) + ", and weighs " + weights.get(i);
      assertTrue(weights.get(i) > taken.get(i) * 0.9, figures);
      if (item.equals(ORDINARY)) {
        assertTrue(weights.get(i) < taken.get(i) * 2.5, figures);
      }
    }
  }

  @Test
  void marksInsideAStringWeighNothing() {
    String marks = "\"{[,:\\\"{[,:\"";
    assertEquals(JsonWeight.of("\"" + "x".repeat(marks.length() - 2) + "\""), JsonWeight.of(marks));
    assertEquals(JsonWeight.of(marks), JsonWeight.of(marks.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aTextInAnotherEncodingWeighsNoLess() {
    // Half of this character looks like a quote, as if the lists stood in a string.
    String text = "[\"\u2200\"" + ",[],{}".repeat(100) + "]";
    for (Charset charset : List.of(UTF_16LE, UTF_16BE, Charset.forName("UTF-32"))) {
      assertTrue(JsonWeight.of(text.getBytes(charset)) >= JsonWeight.of(text), charset.name());
    }
  }

  @Test
  void aTreeWeighsAboutWhatItsTextDoes() throws Exception {
    for (String item : ITEMS_OF_ALL_KINDS) {
      String text = "[" + (item + ",").repeat(100) + item + "]";
      double part = (double) JsonWeight.of(new ObjectMapper().readTree(text)) / JsonWeight.of(text);
      assertTrue(part > 0.7 && part < 1.5, item + ": " + part);
    }
  }
}
