package dev.errand.models.loop;

import dev.errand.support.TestDatabase;
import dev.errand.support.WithRunner;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Typed;
import org.junit.jupiter.api.Tag;

@Tag("not-on-lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithRunner("responses")
@Typed(ResponsesModelRetryTest.class)
class ResponsesModelRetryTest extends ModelRetryTest {}
