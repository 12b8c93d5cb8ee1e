package dev.errand.tools.servlet.abi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.turn.FairSemaphore;
import dev.errand.base.turn.WorkOwner;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.limit.CallEnded;
import dev.errand.tools.servlet.limit.CallMemory;
import dev.errand.tools.servlet.limit.ComputePermit;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.limit.Limits;
import dev.errand.tools.servlet.limit.SharedMemory;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpDescriptionTest {
  private static final Limits LIMITS = Fixture.limits();

  private final ServletCall call =
      new ServletCall(
          LIMITS,
          Grant.NONE,
          new ComputePermit(new FairSemaphore(1), WorkOwner.NOBODY, Duration.ofSeconds(1)),
          new CallMemory(new SharedMemory(1L << 30, 1)),
          new Random(1),
          true,
          new byte[0]);

  private HttpDescription read(String json) {
    return HttpDescription.of(call, call.put(json));
  }

  private String refusal(String json) {
    return assertThrows(CallEnded.Failed.class, () -> read(json)).sentence();
  }

  @Test
  void addressMethodAndHeaderFieldsAreRead() {
    assertEquals(
        new HttpDescription(
            "POST", "http://example.test/ü", Map.of("X-A", "1", "X-B", "2", "X-N", "null")),
        read(
            """
            {"other": null, "url": "http://example.test/ü", "method": "post",
             "headers": {"X-A": "1", "Host": "no", "X-B": 2, "content-length": "3", "X-N": null}}
            """));
  }

  @Test
  void omittedFieldsHaveADefault() {
    var get = new HttpDescription("GET", "", Map.of());
    assertEquals(get, read("{}"));
    assertEquals(get, read("{\"method\": null, \"headers\": null, \"url\": null}"));
  }

  @Test
  void headerIsAnotherNameOfHeaders() {
    assertEquals(
        Map.of("authorization", "Bearer x", "X-A", "1"),
        read("{\"header\": {\"authorization\": \"Bearer x\"}, \"headers\": {\"X-A\": \"1\"}}")
            .headers());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'Headers': {'A': 'b'}} | the key \"Headers\"; did you mean \"headers\"?",
        "{'uri': 'http://example.test/'} | the key \"uri\"; did you mean \"url\"?",
        "{'body': 'x'} | the key \"body\"; the body is passed separately",
        "{'timeout': 5} | the key \"timeout\"; it may have url, method and headers",
        "{'url': {}} | \"url\" is not a string",
        "{'method': 5} | \"method\" is not a string",
        "{'headers': ['A: b']} | \"headers\" is not an object of strings",
        "{'headers': {'A': ['b']}} | the header field \"A\" is not a string"
      })
  void whatWouldNotBeSentIsRefusedByName(String json, String reason) {
    var sentence = refusal(json.replace('\'', '"'));
    assertTrue(sentence.startsWith("The tool's HTTP request failed: "), sentence);
    assertTrue(sentence.contains(reason), sentence);
  }

  @Test
  void theZeroThatEndsAStringOfCIsNoPartOfIt() {
    assertEquals("http://example.test/", read("{\"url\": \"http://example.test/\"}\0").url());
  }

  @Test
  void valuesOtherThanObjectsAreRefused() {
    for (var json :
        new String[] {"", "[]", "1", "{", "{\"headers\": {\"a\": ", "x", "{} {}", "{}x"}) {
      assertTrue(refusal(json).contains("not valid JSON"), json);
    }
  }

  @Test
  void requestsThatAreTooLongAreNotParsed() {
    var most = 256 << 10;
    var start = "{\"url\": \"http://example.test/\"}";
    var longest = start + " ".repeat(most - start.length());
    assertEquals("http://example.test/", read(longest).url());
    var sentence = refusal("x" + longest);
    assertTrue(sentence.contains("in 262145 bytes"), sentence);
    assertTrue(sentence.contains("together may have 256 KiB"), sentence);
  }

  @Test
  void aCallThatIsToEndEndsWhileItIsRead() {
    Thread.currentThread().interrupt();
    try {
      assertThrows(CallEnded.Interrupted.class, () -> read("{\"url\": \"x\"}"));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }
}
