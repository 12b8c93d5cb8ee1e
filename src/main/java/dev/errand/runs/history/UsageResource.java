package dev.errand.runs.history;

import dev.errand.base.http.QueryErrors;
import dev.errand.base.http.ReadsQuery;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST access to the usage of a profile's runs. */
@Path("/api/profiles/{user}/{profile}/usage")
@RunOnVirtualThread
public class UsageResource {
  private final CurrentCaller caller;
  private final UsageService usage;
  private final QueryErrors query;

  UsageResource(CurrentCaller caller, UsageService usage, QueryErrors query) {
    this.caller = caller;
    this.usage = usage;
    this.query = query;
  }

  /** The usage by day and by task, between two days, both included; by default the last 30 days. */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @ReadsQuery
  public UsageView.OfProfile get(
      @BeanParam ProfileSlug profile,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String to) {
    var _ = query.collected().last(() -> usage.span(from, to));
    return usage.ofProfile(caller.get(), profile, from, to);
  }

  /** The same as comma-separated values, only for a client that accepts exactly this type. */
  @GET
  @Produces(UsageCsv.MEDIA_TYPE + ";qs=0.1")
  @ReadsQuery
  public RestResponse<UsageCsv> csv(
      @BeanParam ProfileSlug profile,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String to) {
    var _ = query.collected().last(() -> usage.span(from, to));
    UsageCsv csv = usage.csvOfProfile(caller.get(), profile, from, to);
    // Else its type would have the weight, which is of no use to clients.
    return RestResponse.ResponseBuilder.ok(csv)
        .type(UsageCsv.MEDIA_TYPE)
        .header(UsageCsv.DISPOSITION, csv.disposition())
        .build();
  }
}
