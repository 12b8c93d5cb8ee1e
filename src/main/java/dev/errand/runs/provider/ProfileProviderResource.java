package dev.errand.runs.provider;

import dev.errand.base.error.ApiException;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.models.port.Runners;
import dev.errand.models.wire.ModelCatalog;
import dev.errand.runs.provider.ProviderService.StoredProvider;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
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

/** REST operations on the providers of a profile: list, get, put, delete, check, models. */
@Path("/api/profiles/{user}/{profile}/providers")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ProfileProviderResource {
  private final CurrentCaller caller;
  private final ProviderService providers;
  private final Runners runners;

  ProfileProviderResource(CurrentCaller caller, ProviderService providers, Runners runners) {
    this.caller = caller;
    this.providers = providers;
    this.runners = runners;
  }

  @GET
  public List<ProviderView> list(@BeanParam ProfileSlug profile) {
    return providers.list(caller.get(), profile);
  }

  @GET
  @Path("{provider}")
  public ProviderView get(@BeanParam ProfileSlug profile, @RestPath String provider) {
    return providers.get(caller.get(), profile, provider);
  }

  @PUT
  @Path("{provider}")
  public RestResponse<ProviderView> put(
      @BeanParam ProfileSlug profile, @RestPath String provider, @Nullable ProviderRequest wanted) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: " + runners.shape());
    }
    StoredProvider kept = providers.put(caller.get(), profile, provider, wanted);
    return RestResponse.status(
        kept.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK, kept.provider());
  }

  @DELETE
  @Path("{provider}")
  public void delete(@BeanParam ProfileSlug profile, @RestPath String provider) {
    providers.delete(caller.get(), profile, provider);
  }

  @POST
  @Path("{provider}/check")
  public ModelCatalog.Listing check(@BeanParam ProfileSlug profile, @RestPath String provider)
      throws InterruptedException {
    return providers.check(caller.get(), profile, provider);
  }

  @GET
  @Path("{provider}/models")
  public ProviderModels.ModelNames models(@BeanParam ProfileSlug profile, @RestPath String provider)
      throws InterruptedException {
    return providers.models(caller.get(), profile, provider);
  }
}
