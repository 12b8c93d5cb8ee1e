package dev.errand.base.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.error.Reason;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutageTest {
  @ParameterizedTest
  @ValueSource(strings = {"08006", "53300", "57P03", "25006", "55000"})
  void aDatabaseThatIsUnreachableOrRefusesConnectionsIsAway(String state) {
    assertTrue(Outage.isBehind(new IllegalStateException(new SQLException("no", state))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"23505", "42P01", "55P03", "22021"})
  void aDatabaseThatRefusesAStatementIsNotAnOutage(String state) {
    assertFalse(Outage.isBehind(new IllegalStateException(new SQLException("no", state))));
  }

  @Test
  void aReasonIsNeverNothing() {
    assertEquals("gone", Reason.of(new IOException("gone")));
    assertEquals("ConnectException", Reason.of(new java.net.ConnectException()));
  }
}
