package dev.errand.models.loop;

import dev.errand.support.HostedService;
import dev.errand.support.TestDatabase;
import dev.errand.support.WithRunner;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Typed;
import org.junit.jupiter.api.Tag;

@Tag("not-on-lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(HostedService.class)
@WithRunner(OtherVendorPort.RUNNER)
@Typed(OtherVendorModelRetryTest.class)
class OtherVendorModelRetryTest extends ModelRetryTest {}
