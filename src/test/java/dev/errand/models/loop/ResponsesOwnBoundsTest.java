package dev.errand.models.loop;

import dev.errand.support.TestDatabase;
import dev.errand.support.WithRunner;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Typed;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithRunner("responses")
@Typed(ResponsesOwnBoundsTest.class)
class ResponsesOwnBoundsTest extends OwnBoundsTest {}
