package dev.errand.models.loop;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(Anthropic.class)
class AnthropicToolLoopTest extends ToolLoopTest {}
