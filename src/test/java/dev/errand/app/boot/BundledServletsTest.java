package dev.errand.app.boot;

import static dev.errand.support.Api.api;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.errand.support.OwnTasks;
import dev.errand.support.TestDatabase;
import dev.errand.tools.servlet.registry.Servlet;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class BundledServletsTest {
  private static final String INSTALLATIONS = "/api/profiles/~/default/installations";

  @Inject BundledServlets bundled;
  @Inject OwnTasks tasks;

  @Test
  void aBundledServletFollowsTheServiceAndStaysUninstalledOnceItIs() throws InterruptedException {
    api()
        .get(INSTALLATIONS + "/fetch")
        .then()
        .statusCode(200)
        .body("allow_update", equalTo(true))
        .body("settings.permissions.network.domains[0]", equalTo("*"));
    api().delete(INSTALLATIONS + "/fetch").then().statusCode(204);
    QuarkusTransaction.requiringNew()
        .run(() -> Servlet.update("description = 'Of an older build.' where name = 'calc'"));
    bundled.register(tasks.profile().id());
    api()
        .get("/api/servlets/errand/calc")
        .then()
        .body("description", containsString("Calculates"))
        .body("versions", hasSize(1));
    api().get(INSTALLATIONS + "/fetch").then().statusCode(404);
    api()
        .body(
            """
            {"servlet_slug": "errand/fetch", "allow_update": true,
             "settings": {"network": {"domains": ["*"]}}}""")
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
  }
}
