package dev.errand.automation.notice;

import dev.errand.automation.delivery.DeliveryView;
import dev.errand.automation.notice.NoticeService.StoredNotice;
import dev.errand.base.error.ApiException;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST operations on the notices of a profile: list, get, put, delete, deliveries, redeliver. */
@Path("/api/profiles/{user}/{profile}/notices")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class NoticeResource {
  private final CurrentCaller caller;
  private final NoticeService notices;

  NoticeResource(CurrentCaller caller, NoticeService notices) {
    this.caller = caller;
    this.notices = notices;
  }

  @GET
  public List<NoticeView> list(@BeanParam ProfileSlug profile) {
    return notices.list(caller.get(), profile);
  }

  @GET
  @Path("{name}")
  public NoticeView get(@BeanParam ProfileSlug profile, @RestPath String name) {
    return notices.get(caller.get(), profile, name);
  }

  @PUT
  @Path("{name}")
  public RestResponse<NoticeView> put(
      @BeanParam ProfileSlug profile, @RestPath String name, @Nullable NoticeSettings wanted) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: {\"events\", \"channel\", …}");
    }
    StoredNotice kept = notices.put(caller.get(), profile, name, wanted);
    return RestResponse.status(
        kept.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK, kept.notice());
  }

  @DELETE
  @Path("{name}")
  public void delete(@BeanParam ProfileSlug profile, @RestPath String name) {
    notices.delete(caller.get(), profile, name);
  }

  @GET
  @Path("{name}/deliveries")
  public List<DeliveryView> deliveries(@BeanParam ProfileSlug profile, @RestPath String name) {
    return notices.deliveries(caller.get(), profile, name);
  }

  @POST
  @Path("{name}/deliveries/{delivery}/redeliver")
  @Consumes(MediaType.WILDCARD)
  public RestResponse<DeliveryView> redeliver(
      @BeanParam ProfileSlug profile, @RestPath String name, @RestPath String delivery) {
    return RestResponse.accepted(notices.redeliver(caller.get(), profile, name, delivery));
  }
}
