package dev.errand;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.errand.automation.callback.CallbackService;
import dev.errand.automation.schedule.ScheduleService;
import dev.errand.automation.trigger.TriggerDeliveryService;
import dev.errand.automation.trigger.TriggerService;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.User;
import dev.errand.identity.account.UserRole;
import dev.errand.identity.account.Users;
import dev.errand.identity.profile.PauseService;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.history.UsageService;
import dev.errand.runs.lifecycle.PreviewService;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.lifecycle.RunService.Entries;
import dev.errand.runs.live.WatchService;
import dev.errand.runs.task.TaskService;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import dev.errand.tools.install.InstallationService;
import dev.errand.tools.install.RemoteChecks;
import dev.errand.tools.install.ToolTrials;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What may be done is done by services, which need no request and check rights themselves. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ServicesTest {
  private static final ProfileSlug OWN = new ProfileSlug("~", "default");
  private static final ProfileSlug OF_ADMIN = new ProfileSlug("admin", "default");
  private static final URI BASE = URI.create("https://errand.example");

  @Inject TaskService tasks;
  @Inject RunService runs;
  @Inject WatchService watching;
  @Inject UsageService usage;
  @Inject PreviewService previews;
  @Inject PauseService pauses;
  @Inject InstallationService installations;
  @Inject ToolTrials trials;
  @Inject RemoteChecks remoteChecks;
  @Inject ScheduleService schedules;
  @Inject TriggerService triggers;
  @Inject TriggerDeliveryService deliveries;
  @Inject CallbackService callbacks;
  @Inject Users users;
  @Inject DataSource database;

  @Test
  void aRunIsStartedAndReadWithoutARequest() {
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(request -> ScriptedModel.say("Done."));
      register("served", "Hello", model).then().statusCode(201);
      Caller admin = caller(User.ADMIN);
      assertTrue(
          runs.start(admin, OWN, "served", "r", JsonNodeFactory.instance::objectNode).started());
      ended("served", "r");
      assertEquals("Done.", runs.get(admin, OF_ADMIN, "served", "r", Entries.ALL).run().output());
      assertFalse(
          runs.start(admin, OWN, "served", "r", JsonNodeFactory.instance::objectNode).started());
      assertEquals("Hello", tasks.get(admin, OWN, "served").model().any().prompt());
    } finally {
      api().delete(TASKS + "/served?force=true");
    }
  }

  @Test
  void noServiceLetsACallerIntoAnotherUsersProfile() {
    OtherUser.named("stranger", database);
    Caller stranger = caller("stranger");
    List<Executable> calls =
        List.of(
            () -> tasks.each(stranger, OF_ADMIN, Right.SEE, task -> {}),
            () -> tasks.list(stranger, OF_ADMIN, "", 10),
            () -> tasks.all(stranger, "admin"),
            () -> tasks.get(stranger, OF_ADMIN, "t"),
            () -> tasks.delete(stranger, OF_ADMIN, "t", true),
            () ->
                runs.list(
                    stranger, OF_ADMIN, "t", Set.of(), Long.MAX_VALUE, 10, false, Entries.NONE),
            () -> runs.get(stranger, OF_ADMIN, "t", "r", Entries.ALL),
            () -> runs.start(stranger, OF_ADMIN, "t", "r", JsonNodeFactory.instance::objectNode),
            () -> runs.cancel(stranger, OF_ADMIN, "t", "r"),
            () -> runs.retry(stranger, OF_ADMIN, "t", "r"),
            () -> watching.watch(stranger, OF_ADMIN, "t", "r", "last", null),
            () -> usage.ofProfile(stranger, OF_ADMIN, null, null),
            () -> usage.ofTask(stranger, OF_ADMIN, "t", null, null),
            () -> previews.preview(stranger, OF_ADMIN, "t", null, "s"),
            () -> pauses.get(stranger, OF_ADMIN),
            () -> pauses.pause(stranger, OF_ADMIN),
            () -> pauses.resume(stranger, OF_ADMIN),
            () -> installations.list(stranger, OF_ADMIN, "", 10, change -> false),
            () -> installations.get(stranger, OF_ADMIN, "fetch"),
            () -> installations.install(stranger, OF_ADMIN, null),
            () -> installations.update(stranger, OF_ADMIN, "fetch", null, true),
            () -> installations.uninstall(stranger, OF_ADMIN, "fetch"),
            () ->
                trials.call(
                    stranger, OF_ADMIN, "calc", "calc", JsonNodeFactory.instance.objectNode()),
            () -> remoteChecks.refresh(stranger, OF_ADMIN, "fetch"),
            () -> remoteChecks.accept(stranger, OF_ADMIN, "fetch", "0"),
            () -> schedules.list(stranger, OF_ADMIN, "t", "", 10),
            () -> schedules.get(stranger, OF_ADMIN, "t", "s"),
            () -> schedules.fires(stranger, OF_ADMIN, "t", "s"),
            () -> schedules.register(stranger, OF_ADMIN, "t", "s", null),
            () -> schedules.resume(stranger, OF_ADMIN, "t", "s"),
            () -> schedules.run(stranger, OF_ADMIN, "t", "s"),
            () -> schedules.delete(stranger, OF_ADMIN, "t", "s"),
            () -> triggers.list(stranger, OF_ADMIN, "t", "", 10, BASE),
            () -> triggers.get(stranger, OF_ADMIN, "t", "n", BASE),
            () -> triggers.signedUrl(stranger, OF_ADMIN, "t", BASE),
            () -> triggers.delete(stranger, OF_ADMIN, "t", "n"),
            () -> deliveries.list(stranger, OF_ADMIN, "t", "n"),
            () -> deliveries.replay(stranger, OF_ADMIN, "t", "n", "1", "127.0.0.1"),
            () -> callbacks.list(stranger, OF_ADMIN, "t"),
            () -> callbacks.deliveries(stranger, OF_ADMIN, "t", "c"),
            () -> callbacks.redeliver(stranger, OF_ADMIN, "t", "c", "d"),
            () -> callbacks.enable(stranger, OF_ADMIN, "t", "c"));
    for (int i = 0; i < calls.size(); i++) {
      ApiException refused = assertThrows(ApiException.class, calls.get(i), "call " + i);
      assertEquals(ErrorCode.PROFILE_NOT_FOUND, refused.code(), "call " + i);
    }
  }

  private Caller caller(String username) {
    User user = users.named(username).orElseThrow();
    return new Caller(user.id(), user.username(), Rights.of(UserRole.ADMIN));
  }
}
