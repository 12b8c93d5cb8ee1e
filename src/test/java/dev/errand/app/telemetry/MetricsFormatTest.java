package dev.errand.app.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class MetricsFormatTest {
  @TestHTTPResource("/q/metrics")
  URI metrics;

  @Test
  void theTextFormatIsTheDefault() throws IOException, InterruptedException {
    assertText(HttpRequest.newBuilder(metrics));
    assertText(HttpRequest.newBuilder(metrics).header("Accept", "*/*"));
    assertText(HttpRequest.newBuilder(metrics).header("Accept", "text/plain"));
  }

  @Test
  void openMetricsIsForThoseThatAskForIt() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        sent(
            HttpRequest.newBuilder(metrics)
                .header(
                    "Accept",
                    "application/openmetrics-text;version=1.0.0;q=0.5,text/html;q=0.1,*/*;q=0.1"));
    // The framework prefers text where a client accepts both.
    assertTrue(answer.headers().firstValue("content-type").orElseThrow().startsWith("text/plain"));
    answer =
        sent(
            HttpRequest.newBuilder(metrics)
                .header("Accept", "application/openmetrics-text; version=1.0.0; charset=utf-8"));
    assertTrue(
        answer
            .headers()
            .firstValue("content-type")
            .orElseThrow()
            .startsWith("application/openmetrics-text"));
    assertTrue(answer.body().endsWith("# EOF\n"));
  }

  private static void assertText(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> answer = sent(request);
    assertEquals(
        "text/plain; version=0.0.4; charset=utf-8",
        answer.headers().firstValue("content-type").orElseThrow());
    assertTrue(answer.body().contains("# TYPE errand_"));
    // promtool takes neither of these.
    assertFalse(answer.body().contains("# EOF"));
  }

  private static HttpResponse<String> sent(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
