package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelService.SavedChannel;
import dev.errand.automation.channel.ChannelService.TestResult;
import dev.errand.base.error.ApiException;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST operations on the channels of a profile: list, get, put, delete, confirmation, test. */
@Path("/api/profiles/{user}/{profile}/channels")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ChannelResource {
  private final CurrentCaller caller;
  private final ChannelService channels;

  ChannelResource(CurrentCaller caller, ChannelService channels) {
    this.caller = caller;
    this.channels = channels;
  }

  @GET
  public List<ChannelView> list(@BeanParam ProfileSlug profile) {
    return channels.list(caller.get(), profile);
  }

  @GET
  @Path("{channel}")
  public ChannelView get(@BeanParam ProfileSlug profile, @RestPath String channel) {
    return channels.get(caller.get(), profile, channel);
  }

  @PUT
  @Path("{channel}")
  public RestResponse<ChannelView> put(
      @BeanParam ProfileSlug profile,
      @RestPath String channel,
      @Nullable ChannelRequest wanted,
      @Context UriInfo uri)
      throws InterruptedException {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: an object with kind, and to or url");
    }
    SavedChannel saved = channels.put(caller.get(), profile, channel, wanted, uri.getBaseUri());
    return RestResponse.status(
        saved.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK, saved.channel());
  }

  @DELETE
  @Path("{channel}")
  public void delete(@BeanParam ProfileSlug profile, @RestPath String channel) {
    channels.delete(caller.get(), profile, channel);
  }

  /** Asks the recipient of an e-mail address to confirm it, again. */
  @POST
  @Path("{channel}/confirmation")
  public ChannelView ask(@BeanParam ProfileSlug profile, @RestPath String channel)
      throws InterruptedException {
    return channels.ask(caller.get(), profile, channel);
  }

  @POST
  @Path("{channel}/test")
  public TestResult test(@BeanParam ProfileSlug profile, @RestPath String channel)
      throws InterruptedException {
    return channels.test(caller.get(), profile, channel);
  }
}
