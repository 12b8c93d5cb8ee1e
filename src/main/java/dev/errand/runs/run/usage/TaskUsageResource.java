package dev.errand.runs.run.usage;

import dev.errand.runs.task.TaskAccess;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.LocalDate;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** What the runs of a task used. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/usage")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TaskUsageResource {
  private final TaskAccess tasks;
  private final UsageBook book;
  private final Clock clock;

  TaskUsageResource(TaskAccess tasks, UsageBook book, Clock clock) {
    this.tasks = tasks;
    this.book = book;
    this.clock = clock;
  }

  /** By day, from one day to another; without them of the last 30 days. */
  @GET
  public UsageView get(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String to) {
    var id = tasks.own(user, profile, task).id;
    UsageView.Span span = UsageView.Span.of(from, to, LocalDate.now(clock));
    return UsageView.of(span, book.ofTask(id, span.from(), span.to()), false);
  }
}
