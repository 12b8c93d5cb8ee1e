package dev.errand.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.persistence.PersistenceException;
import org.hibernate.tool.schema.spi.SchemaManagementException;
import org.junit.jupiter.api.Test;

class StartFailureTest {

  @Test
  void theSentenceOfWhoeverKnewIsTold() {
    Throwable cause = new NumberFormatException("its prefix is too long");
    Throwable known = new ConfigurationException("errand.egress.allow: 10.0.0.0/99 is bad.", cause);
    assertEquals(
        "Errand can't start. errand.egress.allow: 10.0.0.0/99 is bad.",
        StartFailure.told(new RuntimeException("Failed to start", known)));
    assertEquals(
        "Errand can't start. Another key.",
        StartFailure.told(new RuntimeException(new IllegalStateException("Another key.", cause))));
  }

  @Test
  void aSchemaThatIsNotThereIsToldOfWithItsRemedy() {
    String told =
        StartFailure.told(
            new RuntimeException(
                new PersistenceException(
                    new SchemaManagementException("Schema validation: missing table [account]"))));
    assertTrue(told.startsWith("Errand can't start. "), told);
    assertTrue(
        told.contains("[account]") && told.contains("QUARKUS_FLYWAY_MIGRATE_AT_START"), told);
  }

  @Test
  void whatNobodyFormulatedComesWithItsStack() {
    String told = StartFailure.told(new RuntimeException(new NullPointerException("oh")));
    assertTrue(told.contains("NullPointerException"), told);
    assertTrue(told.endsWith("Errand can't start. oh"), told);
  }
}
