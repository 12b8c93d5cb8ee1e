package dev.errand.tools.servlet.module;

import static dev.errand.tools.servlet.module.WasmBytes.body;
import static dev.errand.tools.servlet.module.WasmBytes.bytes;
import static dev.errand.tools.servlet.module.WasmBytes.header;
import static dev.errand.tools.servlet.module.WasmBytes.name;
import static dev.errand.tools.servlet.module.WasmBytes.section;
import static dev.errand.tools.servlet.module.WasmBytes.signed;
import static dev.errand.tools.servlet.module.WasmBytes.store;
import static dev.errand.tools.servlet.module.WasmBytes.vector;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.tools.port.ToolEgress;
import dev.errand.tools.port.ToolLog;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.servlet.host.Fixture;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.limit.HttpBudget;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class ServletHttpTest {
  private static final Grant GRANT = Fixture.grant(List.of("example.test"), Map.of());

  private static GuardedHttp.Answer answer(int status, String body) {
    return new GuardedHttp.Answer(
        status,
        Map.of("content-type", List.of("application/json"), "x-many", List.of("1", "2")),
        body.getBytes(StandardCharsets.UTF_8),
        URI.create("http://example.test/"));
  }

  @ParameterizedTest
  @EnumSource
  void aRequestIsMadeUnderTheGrantAndItsStatusIsSeen(Engine engine) throws Exception {
    var requests = new ArrayList<GuardedHttp.Request>();
    var fixture =
        new Fixture(
            engine,
            request -> {
              requests.add(request);
              return answer(404, "");
            });
    var log = new Requests();
    assertEquals(ToolResult.text("00000404"), fixture.call("http", GRANT, log));
    assertEquals(
        List.of(ToolEgress.answered("example.test", "GET", 404, 0, 0)), log.withoutTimes());
    var request = requests.getFirst();
    assertEquals("GET", request.method());
    assertEquals("http://example.test/", request.url());
    assertEquals(Map.of("X-A", "1"), request.headers());
    assertEquals(List.of("example.test"), request.hosts());
    assertEquals(10 << 20, request.maxAnswerBytes());
    assertTrue(request.timeout().toSeconds() <= 30);
  }

  @ParameterizedTest
  @EnumSource
  void headerFieldsAndBodyArrive(Engine engine) throws Exception {
    var lines = new ArrayList<String>();
    var fixture =
        new Fixture(
            engine, _ -> answer(200, "{\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}"));
    var result = fixture.call("http_echo", GRANT, (level, line) -> lines.add(line));
    assertEquals(ToolResult.text("hi"), result);
    assertEquals(List.of("{\"content-type\":\"application/json\",\"x-many\":\"1, 2\"}"), lines);
  }

  @ParameterizedTest
  @EnumSource
  void aRefusedRequestEndsTheCallWithTheReason(Engine engine) throws Exception {
    var fixture =
        new Fixture(
            engine,
            _ -> {
              throw new EgressRefusedException("example.test is not allowed.");
            });
    var log = new Requests();
    var result = fixture.call("http", Grant.NONE, log);
    assertEquals(
        ToolResult.error("The tool's HTTP request failed: example.test is not allowed."), result);
    assertEquals(
        List.of(ToolEgress.refused("example.test", "GET", 0, "example.test is not allowed.")),
        log.withoutTimes());
  }

  @ParameterizedTest
  @EnumSource
  void aRequestWithoutAnAnswerIsRecordedAsFailed(Engine engine) throws Exception {
    var fixture =
        new Fixture(
            engine,
            _ -> {
              throw new IOException("example.test cut the connection.");
            });
    var log = new Requests();
    assertTrue(fixture.call("http", GRANT, log).isError());
    assertEquals(
        List.of(ToolEgress.failed("example.test", "GET", 0, "example.test cut the connection.")),
        log.withoutTimes());
  }

  /** Keeps the requests of a call. */
  private static final class Requests implements ToolLog {
    private final List<ToolEgress> made = new ArrayList<>();

    @Override
    public void line(int level, String line) {
      throw new AssertionError(line);
    }

    @Override
    public void request(ToolEgress request) {
      made.add(request);
    }

    List<ToolEgress> withoutTimes() {
      return made.stream()
          .map(
              request ->
                  new ToolEgress(
                      request.host(),
                      request.method(),
                      request.status(),
                      request.bytes(),
                      0,
                      request.refused(),
                      request.failed()))
          .toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDescriptionWithoutMeasureEndsTheCallAndIsNotSent(Engine engine) throws Exception {
    var sent = new AtomicInteger();
    var fixture =
        new Fixture(
            engine,
            _ -> {
              sent.incrementAndGet();
              return answer(200, "x");
            });
    for (var length : new int[] {256 << 10, (256 << 10) + 8}) {
      var wasm = describing(length);
      var module = fixture.host().load(Fixture.address(wasm), wasm);
      var result = fixture.host().call(module, GRANT, "probe", Fixture.call(ToolLog.NONE));
      assertTrue(result.isError());
      assertEquals(length > 256 << 10, result.joinedText().contains("256 KiB"), result::joinedText);
      assertEquals(1, sent.get());
    }
  }

  /** A servlet that makes a request whose description is filled up with spaces. */
  private static byte[] describing(int length) {
    var all = bytes(new byte[] {0x42}, signed(length));
    var spaces = bytes(new byte[] {0x42}, signed(0x2020202020202020L));
    var fill =
        bytes(
            new byte[] {0x03, 0x40, 0x20, 0, 0x20, 1, 0x7C},
            spaces,
            new byte[] {0x10, 1, 0x20, 1, 0x42, 8, 0x7C, 0x22, 1},
            all,
            new byte[] {0x54, 0x0D, 0, 0x0B});
    var call =
        bytes(
            all,
            new byte[] {0x10, 0, 0x21, 0},
            fill,
            store(1, 0, "{\"url\":\"http://example.test/\"}  "),
            new byte[] {0x20, 0, 0x42, 0, 0x10, 2, 0x1A});
    var host = name("extism:host/env");
    return bytes(
        header(),
        section(
            1,
            vector(
                new byte[] {0x60, 0, 0},
                new byte[] {0x60, 1, 0x7E, 1, 0x7E},
                new byte[] {0x60, 2, 0x7E, 0x7E, 0},
                new byte[] {0x60, 2, 0x7E, 0x7E, 1, 0x7E})),
        section(
            2,
            vector(
                bytes(host, name("alloc"), new byte[] {0, 1}),
                bytes(host, name("store_u64"), new byte[] {0, 2}),
                bytes(host, name("http_request"), new byte[] {0, 3}))),
        section(3, new byte[] {2, 0, 0}),
        section(
            7,
            vector(
                bytes(name("describe"), new byte[] {0, 3}),
                bytes(name("call"), new byte[] {0, 4}))),
        section(10, vector(body(0, 0), body(2, 0x7E, call))));
  }

  @ParameterizedTest
  @EnumSource
  void requestsAreCounted(Engine engine) throws Exception {
    var result =
        new Fixture(engine, _ -> answer(200, "x"), "http-requests", "3")
            .call("http_loop", GRANT, ToolLog.NONE);
    assertTrue(result.joinedText().contains("limit of 3 HTTP requests"), result::joinedText);
  }

  @ParameterizedTest
  @EnumSource
  void callsThatShareABudgetSpendItTogether(Engine engine) throws Exception {
    var sent = new AtomicInteger();
    var fixture =
        new Fixture(
            engine,
            _ -> {
              sent.incrementAndGet();
              return answer(200, "x");
            },
            "http-requests",
            "3");
    var run = new Grant(List.of("example.test"), Map.of(), new HttpBudget(5));
    var first = fixture.call("http_loop", run, ToolLog.NONE);
    assertTrue(first.joinedText().contains("the limit of 3 HTTP requests"), first::joinedText);
    for (var i = 0; i < 2; i++) {
      var later = fixture.call("http_loop", run, ToolLog.NONE);
      assertEquals(
          ToolResult.error(
              "The tools of this run have used up their shared limit of 5 HTTP requests; no tool"
                  + " can make another one."),
          later);
      assertEquals(5, sent.get());
    }
    var other = new Grant(List.of("example.test"), Map.of(), new HttpBudget(5));
    assertEquals(ToolResult.text("00000200"), fixture.call("http", other, ToolLog.NONE));
  }

  @ParameterizedTest
  @EnumSource
  void aCallThatWaitsForTheNetworkHoldsNoCore(Engine engine) throws Exception {
    var waiting = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var fixture =
        new Fixture(
            engine,
            _ -> {
              waiting.countDown();
              go.await();
              return answer(200, "");
            },
            "cores",
            "1");
    var results = new ArrayList<ToolResult>();
    var caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    results.add(fixture.call("http", GRANT, ToolLog.NONE));
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                });
    waiting.await();
    assertEquals(ToolResult.text("00001001"), fixture.call("count"));
    go.countDown();
    caller.join();
    assertEquals(List.of(ToolResult.text("00000200")), results);
  }
}
