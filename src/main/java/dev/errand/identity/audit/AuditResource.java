package dev.errand.identity.audit;

import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Part;
import dev.errand.base.http.QueryErrors;
import dev.errand.base.http.ReadsQuery;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The audit, as a list with pages or as JSON lines. */
@Path("/api/audit")
@RunOnVirtualThread
public class AuditResource {
  // Only for a client that accepts exactly this type.
  private static final String JSON_LINES = AuditExport.MEDIA_TYPE + ";qs=0.1";

  private final CurrentCaller caller;
  private final AuditService audit;
  private final Paging paging;
  private final QueryErrors query;

  AuditResource(CurrentCaller caller, AuditService audit, Paging paging, QueryErrors query) {
    this.caller = caller;
    this.audit = audit;
    this.paging = paging;
    this.query = query;
  }

  /** Lists the lines that are selected, newest first. */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @ReadsQuery
  public RestResponse<List<AuditLine>> list(
      @RestQuery @Nullable String actor,
      @RestQuery @Nullable String action,
      @RestQuery @Nullable String object,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String to,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor,
      @Context UriInfo uri) {
    Part part = query.collected().read(() -> Part.of(limit, cursor), Part.FIRST);
    AuditSelection selection =
        query.collected().last(() -> AuditSelection.of(actor, action, object, from, to));
    return paging
        .page(uri, audit.list(caller.get(), selection, part), AuditService::key)
        .answer(Function.identity());
  }

  /** Sends the lines that are selected as JSON lines, newest first, all of them without a limit. */
  @GET
  @Produces(JSON_LINES)
  @ReadsQuery
  public RestResponse<AuditExport> export(
      @RestQuery @Nullable String actor,
      @RestQuery @Nullable String action,
      @RestQuery @Nullable String object,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String to,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    Caller by = caller.get();
    audit.check(by);
    Part part = query.collected().read(() -> Part.of(limit, cursor), Part.FIRST);
    AuditSelection selection =
        query.collected().last(() -> AuditSelection.of(actor, action, object, from, to));
    long most = limit == null ? Long.MAX_VALUE : part.limit();
    return RestResponse.ResponseBuilder.ok(
            new AuditExport(reader -> audit.each(by, selection, part.after(), most, reader)))
        .type(AuditExport.MEDIA_TYPE)
        .build();
  }
}
