package dev.errand.adapters.legacy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.runs.queue.record.Run;
import dev.errand.runs.queue.record.RunStatus;
import dev.errand.runs.run.archive.RunArchive;
import dev.errand.runs.run.start.RunUrls;
import dev.errand.runs.task.TaskAccess;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/**
 * Runs in the shape of older clients, which poll while the status is {@code running} and stop as
 * soon as there are results.
 */
@Path("/api/runs/{user}/{profile}/{task}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RunsResource {
  private static final int MOST = 50;

  private final ProfileAccess access;
  private final TaskAccess tasks;
  private final RunArchive archive;
  private final RunUrls urls;

  RunsResource(ProfileAccess access, TaskAccess tasks, RunArchive archive, RunUrls urls) {
    this.access = access;
    this.tasks = tasks;
    this.archive = archive;
    this.urls = urls;
  }

  /** The task's newest runs, with their results. */
  @GET
  public List<RunSeen> list(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @Context UriInfo uri) {
    List<Run> runs = archive.newest(tasks.own(user, profile, task).id, MOST);
    Map<Long, List<String>> entries =
        archive.entries(runs.stream().filter(run -> run.status().isEnd()).toList());
    return runs.stream()
        .map(
            run ->
                RunSeen.of(
                    run,
                    urls.secondGeneration(uri, access.username(user), profile, task, run.name())
                        .toString(),
                    entries.getOrDefault(run.id(), List.of())))
        .toList();
  }

  /** One run; its results once it has ended. */
  @GET
  @Path("{run}")
  public RunSeen get(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @RestPath String run,
      @Context UriInfo uri) {
    Run found = archive.require(tasks.own(user, profile, task), run);
    return RunSeen.of(
        found,
        urls.secondGeneration(uri, access.username(user), profile, task, run).toString(),
        found.status().isEnd() ? archive.entries(found) : List.of());
  }

  /**
   * A run.
   *
   * @param name its name
   * @param url where it is, absolute
   * @param status running, ready or error
   * @param parameters what it was triggered with
   * @param output the last message's text
   * @param results its entries; none until it has ended
   * @param createdAt when it was triggered
   * @param modifiedAt when it last changed
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record RunSeen(
      String name,
      String url,
      String status,
      @JsonRawValue String parameters,
      @Nullable String output,
      @JsonRawValue String results,
      Instant createdAt,
      Instant modifiedAt) {
    static RunSeen of(Run run, String url, List<String> entries) {
      return new RunSeen(
          run.name(),
          url,
          shown(run.status()),
          run.parameters(),
          run.output(),
          RunArchive.array(entries),
          run.createdAt(),
          run.modifiedAt());
    }

    private static String shown(RunStatus status) {
      return switch (status) {
        case PENDING, RUNNING -> RunStatus.RUNNING.code();
        case READY, ERROR -> status.code();
      };
    }
  }
}
