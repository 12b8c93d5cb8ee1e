package dev.errand.support;

import io.quarkus.test.junit.callback.QuarkusTestBeforeEachCallback;
import io.quarkus.test.junit.callback.QuarkusTestMethodContext;
import io.restassured.RestAssured;
import io.restassured.config.LogConfig;

/**
 * Prints the request and the answer that fail a test, as they are. Quarkus would have each answer
 * of all tests formatted for that, which costs more than most requests.
 */
public final class FailedRequestLog implements QuarkusTestBeforeEachCallback {
  private static final LogConfig AS_IT_IS =
      LogConfig.logConfig()
          .enablePrettyPrinting(false)
          .enableLoggingOfRequestAndResponseIfValidationFails();

  @Override
  public void beforeEach(QuarkusTestMethodContext context) {
    RestAssured.config = RestAssured.config().logConfig(AS_IT_IS);
  }
}
