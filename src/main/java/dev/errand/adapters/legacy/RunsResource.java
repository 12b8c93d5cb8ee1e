package dev.errand.adapters.legacy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.history.RunEntries;
import dev.errand.runs.history.RunUrls;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.runs.lifecycle.RunService.Entries;
import dev.errand.runs.lifecycle.RunService.RunDetail;
import dev.errand.runs.queue.Run;
import dev.errand.runs.queue.RunStatus;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/**
 * Runs in the form that older clients expect, which poll while the status is {@code running} and
 * stop as soon as there are results.
 */
@Path("/api/runs/{user}/{profile}/{task}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RunsResource {
  private static final int MOST = 50;

  private final CurrentCaller caller;
  private final RunService runs;
  private final RunUrls urls;

  RunsResource(CurrentCaller caller, RunService runs, RunUrls urls) {
    this.caller = caller;
    this.runs = runs;
    this.urls = urls;
  }

  /**
   * The newest runs. These clients know neither of cut outputs nor of pages: there are as many as
   * fit into one.
   */
  @GET
  public List<LegacyRun> list(@BeanParam ProfileSlug profile, @RestPath String task) {
    return runs
        .list(
            caller.get(),
            profile,
            task,
            EnumSet.allOf(RunStatus.class),
            Long.MAX_VALUE,
            MOST,
            true,
            Entries.OF_ENDED)
        .runs()
        .stream()
        .map(found -> seen(found, profile, task))
        .toList();
  }

  /** One run; its results once it has ended. */
  @GET
  @Path("{run}")
  public LegacyRun get(
      @BeanParam ProfileSlug profile, @RestPath String task, @RestPath String run) {
    RunDetail detail = runs.get(caller.get(), profile, task, run, Entries.OF_ENDED);
    return seen(detail, profile, task);
  }

  private LegacyRun seen(RunDetail detail, ProfileSlug profile, String task) {
    Run run = detail.run();
    ProfileSlug owned = profile.named(caller.get());
    RunEntries entries = detail.entries();
    return LegacyRun.of(
        run,
        urls.secondGeneration(owned, task, run.name()).toString(),
        entries == null ? RunEntries.of(List.of()) : entries);
  }

  /**
   * A run.
   *
   * @param url its absolute address
   * @param status running, ready or error
   * @param results its entries; none until it has ended
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @ApiSchema("OlderRun")
  public record LegacyRun(
      @Field String name,
      @Field String url,
      @Field(values = {"running", "ready", "error"}) String status,
      @Field @JsonRawValue String parameters,
      @Field @Nullable String output,
      @Field(schema = "Entry", list = true) RunEntries results,
      @Field Instant createdAt,
      @Field Instant modifiedAt) {
    static LegacyRun of(Run run, String url, RunEntries entries) {
      return new LegacyRun(
          run.name(),
          url,
          shown(run.status()),
          run.parameters(),
          run.output(),
          entries,
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
