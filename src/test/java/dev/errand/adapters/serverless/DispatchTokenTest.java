package dev.errand.adapters.serverless;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import dev.errand.base.http.CloudEvents;
import dev.errand.base.http.Traces;
import dev.errand.base.json.Json;
import dev.errand.runs.worker.WorkerConfig;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events bring the token that is in the file when they are sent: platforms renew it there. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class DispatchTokenTest {
  private static final DateTimeFormatter AMZ_DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final List<String> brought = new CopyOnWriteArrayList<>();

  private volatile String lastDate = "";
  private volatile String lastToken = "";
  private volatile byte[] lastBody = {};

  @TempDir Path folder;
  private @Nullable HttpServer sink;

  @BeforeEach
  void listen() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.createContext(
        "/",
        exchange -> {
          brought.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          lastDate = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Date"));
          lastToken = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Security-Token"));
          lastBody = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(202, -1);
          exchange.close();
        });
    server.start();
    sink = server;
  }

  @AfterEach
  void stop() {
    if (sink != null) {
      sink.stop(0);
    }
  }

  @Test
  void theFileIsReadForEachEvent() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "the-first\n");
    Dispatcher dispatcher = dispatcher(file);
    assertTrue(dispatcher.dispatch("1"));
    Files.writeString(file, "the-second");
    assertTrue(dispatcher.dispatch("2"));
    assertEquals(List.of("Bearer the-first", "Bearer the-second"), brought);
  }

  @Test
  void withoutItsFileNoEventIsSentAndTheTickFindsTheRun() throws Exception {
    Path file = folder.resolve("token");
    Dispatcher dispatcher = dispatcher(file);
    assertFalse(dispatcher.dispatch("1"));
    Files.writeString(file, "it-is-there");
    assertTrue(dispatcher.dispatch("2"));
    assertEquals(List.of("Bearer it-is-there"), brought);
  }

  @Test
  void forAwsAnEventIsSignedWithTheCredentialsOfTheFunction() {
    Map<String, String> environment =
        Map.of("AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "b", "AWS_SESSION_TOKEN", "c");
    Map<String, String> region = Map.of("errand.dispatch.aws-region", "eu-central-1");
    assertTrue(dispatcher(region, environment).dispatch("1"));
    String authorization = brought.getFirst();
    assertTrue(authorization.startsWith("AWS4-HMAC-SHA256 Credential=a/"), authorization);
    assertTrue(authorization.contains("/eu-central-1/execute-api/aws4_request"), authorization);
    assertEquals("c", lastToken);
    AwsSignature.Headers expected =
        new AwsSignature("eu-central-1", "execute-api")
            .sign(
                URI.create(address()),
                lastBody,
                AwsSignature.Credentials.of(environment).orElseThrow(),
                Instant.from(AMZ_DATE.parse(lastDate)));
    assertEquals(expected.authorization(), authorization, "it is signed as it arrives");

    assertFalse(dispatcher(region, Map.of()).dispatch("2"), "without credentials none is sent");
    assertEquals(1, brought.size());
  }

  private String address() {
    return "http://127.0.0.1:" + Objects.requireNonNull(sink).getAddress().getPort() + "/";
  }

  private Dispatcher dispatcher(Path file) {
    return dispatcher(Map.of("errand.dispatch.token-file", file.toString()), Map.of());
  }

  private Dispatcher dispatcher(Map<String, String> settings, Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("errand.dispatch.url", address());
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withMapping(DispatchConfig.class)
            .withMapping(WorkerConfig.class)
            .withDefaultValues(all)
            .build();
    return new Dispatcher(
        config.getConfigMapping(DispatchConfig.class),
        config.getConfigMapping(WorkerConfig.class),
        new CloudEvents(new Json(JsonMapper.builder().build())),
        new NoTraces(),
        environment);
  }

  private static final class NoTraces implements Traces {
    @Override
    public @Nullable String current() {
      return null;
    }

    @Override
    public Map<String, String> fields() {
      return Map.of();
    }

    @Override
    public void causedBy(String traceparent) {}
  }
}
