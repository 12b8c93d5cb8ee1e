package dev.errand.models.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.errand.models.port.ModelPort;
import dev.errand.support.TestDatabase;
import io.quarkus.arc.All;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(OtherVendor.class)
class OtherVendorToolLoopTest extends ToolLoopTest {
  @Inject @All List<ModelPort<?>> ports;

  @Test
  void noOtherVendorIsAsked() {
    assertEquals(1, ports.size());
    assertInstanceOf(OtherVendorPort.class, ports.getFirst());
  }
}
