package dev.errand.identity.oauth;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.egress.client.GuardedHttp.Answer;
import dev.errand.base.json.Json;
import io.quarkus.test.junit.QuarkusMock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The document of a client, as if its server answered. */
public final class ServedDocument {
  private ServedDocument() {}

  /** Lets each address answer with a document, for one test. */
  public static void serve(String document) {
    QuarkusMock.installMockForType(
        new ClientDocuments(
            request ->
                new Answer(
                    200,
                    Map.of("content-type", List.of("application/json")),
                    document.getBytes(StandardCharsets.UTF_8),
                    URI.create(request.url())),
            new Json(new ObjectMapper()),
            Clock.systemUTC()),
        ClientDocuments.class);
  }
}
