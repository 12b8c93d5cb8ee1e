package dev.errand.models.loop;

import dev.errand.support.HostedService;
import dev.errand.support.TestDatabase;
import dev.errand.support.WithRunner;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Typed;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@TestProfile(HostedService.class)
@WithRunner("anthropic")
@Typed(AnthropicStreamedRunUsageCountTest.class)
class AnthropicStreamedRunUsageCountTest extends RunUsageCountTest {}
