package dev.errand.app.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.profile.FirstRun;
import dev.errand.app.boot.ServiceStarted;
import dev.errand.base.json.Json;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.account.Sessions;
import dev.errand.identity.account.User;
import dev.errand.identity.account.UserRole;
import dev.errand.identity.account.Users;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.ProfileStore;
import dev.errand.identity.signin.StartLinks;
import dev.errand.runs.task.TaskRegistration;
import dev.errand.runs.task.TaskStore;
import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Completes a development start: creates a session and the task {@code hello}, and prints the
 * command that runs it and a link that opens the console, which offers to run it, too.
 */
@IfBuildProfile("dev")
@ApplicationScoped
class DemoStart implements FirstRun {
  private static final String TASK = "hello";

  // A name that was used before would return a run of an earlier start.
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final Sessions sessions;
  private final StartLinks links;
  private final TaskStore tasks;
  private final Json json;
  private final Users users;
  private final ProfileStore profiles;
  private final Clock clock;
  private final int port;

  DemoStart(
      Sessions sessions,
      StartLinks links,
      TaskStore tasks,
      Json json,
      Users users,
      ProfileStore profiles,
      Clock clock,
      @ConfigProperty(name = "quarkus.http.port") int port) {
    this.sessions = sessions;
    this.links = links;
    this.tasks = tasks;
    this.json = json;
    this.users = users;
    this.profiles = profiles;
    this.clock = clock;
    this.port = port;
  }

  /** A session, and the token of a link. */
  private record Access(String session, String link) {}

  void start(@Observes ServiceStarted event) {
    String url = "http://localhost:" + port;
    Access access =
        QuarkusTransaction.requiringNew()
            .call(
                () -> {
                  User admin = users.named(User.ADMIN).orElseThrow();
                  Profile profile = profiles.of(admin.id(), Profile.DEFAULT).orElseThrow();
                  // Replaced at each start, since the port may differ.
                  Caller caller =
                      new Caller(admin.id(), admin.username(), Rights.of(UserRole.ADMIN));
                  tasks.register(caller, profile, TASK, hello(url), null, false);
                  return new Access(sessions.mintForDev(admin.id()), links.make(admin.id()));
                });
    // To the console and not to the log, which masks sessions.
    System.out.printf(
        "Errand is at %s with the session %s — run the task hello: curl -sX PUT -H 'Cookie:"
            + " sessionId=%s' %s/api/profiles/~/default/tasks/hello/runs/%s -d"
            + " '{\"parameters\":{\"url\":\"%s/demo/page\"}}'%n",
        url, access.session, access.session, url, NAME.format(clock.instant()), url);
    System.out.printf(
        "Open the console, once and within %d minutes: %s/start?token=%s%n",
        StartLinks.LIFE.toMinutes(), url, access.link);
  }

  private TaskRegistration hello(String url) {
    ObjectNode task = json.object().put("runner", "openai");
    task.putObject("openai")
        .put("prompt", "Use fetch_fetch to read {{ url }} and tell me what it says.")
        .put("model", "demo")
        .put("base_url", url + "/demo/v1");
    return json.request(task, TaskRegistration.class);
  }

  @Override
  public Optional<Offer> in(ProfileSlug profile) {
    return profile.equals(new ProfileSlug(User.ADMIN, Profile.DEFAULT))
        ? Optional.of(new Offer(TASK, Map.of("url", "http://localhost:" + port + "/demo/page")))
        : Optional.empty();
  }
}
