package dev.errand.runs.run.usage;

import dev.errand.identity.profile.ProfileAccess;
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

/** What the runs of a profile used. */
@Path("/api/profiles/{user}/{profile}/usage")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class UsageResource {
  private final ProfileAccess access;
  private final UsageBook book;
  private final Clock clock;

  UsageResource(ProfileAccess access, UsageBook book, Clock clock) {
    this.access = access;
    this.book = book;
    this.clock = clock;
  }

  /** By day and by task, from one day to another; without them of the last 30 days. */
  @GET
  public UsageView get(
      @RestPath String user,
      @RestPath String profile,
      @RestQuery @Nullable String from,
      @RestQuery @Nullable String to) {
    var id = access.own(user, profile).id;
    UsageView.Span span = UsageView.Span.of(from, to, LocalDate.now(clock));
    return UsageView.of(span, book.ofProfile(id, span.from(), span.to()), true);
  }
}
