package dev.errand.app.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.net.BindException;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StartFailureTest {

  @Test
  void theMostSpecificSentenceIsShown() {
    Throwable cause = new NumberFormatException("its prefix is too long");
    Throwable known = new ConfigurationException("errand.egress.allow: 10.0.0.0/99 is bad.", cause);
    assertEquals(
        "Errand can't start. errand.egress.allow (ERRAND_EGRESS_ALLOW): 10.0.0.0/99 is bad.",
        StartFailure.describe(new RuntimeException("Failed to start", known)));
    assertEquals(
        "Errand can't start. Another key.",
        StartFailure.describe(
            new RuntimeException(new IllegalStateException("Another key.", cause))));
  }

  @Test
  void anUnknownFailureIsShownWithItsStackTrace() {
    String told = StartFailure.describe(new RuntimeException(new NullPointerException("oh")));
    assertTrue(told.contains("NullPointerException"), told);
    assertTrue(told.contains("\nErrand can't start. oh. "), told);
    assertTrue(told.lines().count() > 2, "its stack trace is the way to it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          08001 | Connection to db:1 refused. Check that the port is correct. | (Connection to db:1 refused): start it, or correct QUARKUS_DATASOURCE_JDBC_URL.
          28P01 | FATAL: password authentication failed for user "x"          | user "x"): correct QUARKUS_DATASOURCE_USERNAME and QUARKUS_DATASOURCE_PASSWORD.
          08004 | The server requested SCRAM-based authentication, but no password was provided. | correct QUARKUS_DATASOURCE_USERNAME, QUARKUS_DATASOURCE_PASSWORD or QUARKUS_DATASOURCE_JDBC_URL.
          53300 | FATAL: sorry, too many clients already                      | already): raise its max_connections, or lower QUARKUS_DATASOURCE_JDBC_MAX_SIZE.
          42501 | ERROR: permission denied for schema public                  | public): grant it, or name another in QUARKUS_DATASOURCE_USERNAME.
          """)
  void aDatabaseThatRefusesIsReportedInOneLine(String state, String said, String told) {
    String sentence =
        StartFailure.describe(
            new RuntimeException("Failed to start", new SQLException(said, state)));
    assertEquals(1, sentence.lines().count(), sentence);
    assertTrue(sentence.endsWith(told), sentence);
  }

  @Test
  void anAddressInUseIsReportedWithItsSettings() {
    Throwable taken = new BindException("Address already in use");
    String own = StartFailure.describe(new RuntimeException("Failed to start", taken));
    assertTrue(own.contains("QUARKUS_HTTP_PORT"), own);
    Throwable framework =
        new IllegalStateException(
            "Unable to start the management interface on localhost:9000", taken);
    // It is not thrown by code of ours, as it would be here.
    framework.setStackTrace(new StackTraceElement[0]);
    String management = StartFailure.describe(new RuntimeException(framework));
    assertTrue(management.contains("QUARKUS_MANAGEMENT_PORT"), management);
    assertTrue(!management.contains("QUARKUS_HTTP_PORT"), management);
  }

  @Test
  void aWaitForAConnectionInVainIsADatabaseThatIsNotReached() {
    String told =
        StartFailure.describe(new RuntimeException(new SQLException("Acquisition timeout")));
    assertTrue(told.contains("can't be reached (Acquisition timeout)"), told);
  }

  @Test
  void anInvalidStatementIsReportedWithItsStackTrace() {
    String told = StartFailure.describe(new SQLException("ERROR: syntax error", "42601"));
    assertTrue(told.contains("\tat "), told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Found non-empty schema(s) "public" but no schema history table. | has tables that are not Errand's: name an empty database in QUARKUS_DATASOURCE_JDBC_URL.
          Validate failed: Migrations have failed validation              | start that build, or name another database in QUARKUS_DATASOURCE_JDBC_URL.
          """)
  void aForeignSchemaIsReportedInOneLine(String said, String told) {
    String sentence = StartFailure.describe(new RuntimeException(new FlywayException(said)));
    assertEquals(1, sentence.lines().count(), sentence);
    assertTrue(sentence.endsWith(told), sentence);
  }
}
