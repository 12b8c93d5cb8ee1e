package dev.errand.models.wire;

import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.models.loop.LoopRuns;
import dev.errand.support.StrictService;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * A model endpoint that the egress rules refuse is not called, and the error reveals nothing of it.
 */
@QuarkusTest
@WithTestResource(value = StrictService.class, scope = TestResourceScope.MATCHING_RESOURCES)
@QuarkusTestResource(TestDatabase.class)
class RefusedModelTest {
  private static final int FIRST_PORT = 8100;

  @Test
  @SuppressWarnings("try") // The port is closed between the two runs.
  void aNameOfAPrivateAddressIsJudgedBeforeItIsConnectedTo() throws IOException {
    try (ServerSocketChannel open = listener()) {
      int port = open.socket().getLocalPort();
      String ofOpen = sentence(port);

      assertNull(open.accept(), "nobody has connected");
      open.close();
      assertEquals(ofOpen, sentence(port), "the port is closed now");
      assertTrue(ofOpen.contains("errand.egress.allow"), ofOpen);
    }
  }

  private static String sentence(int port) {
    String task = "refused" + UUID.randomUUID();
    register(
            task,
            "Hello",
            "http://localhost:" + port + "/v1",
            Map.of("key", LoopRuns.KEY, "max_attempts", 1))
        .then()
        .statusCode(201);
    trigger(task, "r", Map.of()).then().statusCode(201);
    JsonPath run = ended(task, "r");
    assertEquals("model_unavailable", run.getString("error.code"), run.prettify());
    return run.getString("error.message");
  }

  // One of the ports that are open to all, so that it is the address alone that is judged.
  private static ServerSocketChannel listener() throws IOException {
    for (int port = FIRST_PORT; ; port++) {
      ServerSocketChannel listener = ServerSocketChannel.open();
      try {
        listener.bind(new InetSocketAddress("localhost", port)).configureBlocking(false);
        return listener;
      } catch (BindException e) {
        listener.close();
      }
    }
  }
}
