package dev.errand.packaged;

import dev.errand.adapters.console.EveryPage;
import dev.errand.identity.oidc.ScriptedProvider;
import dev.errand.openapi.EveryOperation;
import dev.errand.support.GrpcCollector;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import org.junit.jupiter.api.Test;

/** The packaged application does what the tested one does, on a real PostgreSQL. */
@QuarkusIntegrationTest
@QuarkusTestResource(TestDatabase.class)
@QuarkusTestResource(value = ForTests.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = GrpcCollector.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = ScriptedProvider.class, restrictToAnnotatedClass = true)
class ScenariosIT {
  @Test
  void theProbesAnswer() {
    Scenarios.theProbes(ForTests.MANAGEMENT_PORT);
  }

  @Test
  void aWrongRequestIsAnsweredWithAProblem() {
    Scenarios.aProblem();
  }

  @Test
  void aRunReadsAPageWithABundledServlet() throws Exception {
    Scenarios.aFirstRun();
  }

  @Test
  void aBundledServletIsCalled() {
    Scenarios.aCallOfABundledServlet();
  }

  @Test
  void aServletIsPublishedAndCalled() {
    Scenarios.aPublishedServlet();
  }

  @Test
  void manyLargeServletsAreCalled() {
    Scenarios.manyLargeServlets();
  }

  @Test
  void aWebhookStartsARunAndWaitsForIt() {
    Scenarios.aWebhook();
  }

  @Test
  void theEndOfARunIsSentToACallback() {
    Scenarios.aCallback();
  }

  @Test
  void aRunThatFailsIsToldByEmail() {
    Scenarios.aMail(ForTests.MAIL_PORT);
  }

  @Test
  void aCallThatWaits() {
    Scenarios.aCallThatWaits();
  }

  @Test
  void aRunIsWatched() {
    Scenarios.aStream();
  }

  @Test
  void aPersonSignsInByAProvider() {
    Scenarios.aSignIn();
  }

  @Test
  void aScheduleIsUnderstood() {
    Scenarios.aSchedule();
  }

  @Test
  void everyOperationAnswersAsDocumented() {
    try (EveryOperation operations = EveryOperation.served(TestDatabase.service())) {
      operations.walk();
    }
  }

  @Test
  void aRunIsTracedByGrpc() {
    Scenarios.aTracedRun();
  }

  @Test
  void everyPageOpens() {
    EveryPage.open();
  }
}
