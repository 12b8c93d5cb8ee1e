package dev.errand.identity.page;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;

/** Serves the stylesheet and the scripts of the pages. */
@Path("/assets")
@Produces(MediaType.WILDCARD)
public class AssetResource {
  private static final String FOR_GOOD = "public, max-age=31536000, immutable";

  private final PageAssets assets;

  AssetResource(PageAssets assets) {
    this.assets = assets;
  }

  /** A file, in the only version that this process has. */
  @GET
  @Path("{version}/{name}")
  public RestResponse<String> get(@RestPath String version, @RestPath String name) {
    PageAssets.Asset asset =
        assets
            .find(name)
            .orElseThrow(
                () -> new ApiException(ErrorCode.NOT_FOUND, "There is nothing at this address."));
    return RestResponse.ResponseBuilder.<String>create(RestResponse.Status.OK)
        .entity(asset.content())
        .type(asset.type())
        // While processes of two versions run, one may get requests for files of the other.
        .header(HttpHeaders.CACHE_CONTROL, asset.version().equals(version) ? FOR_GOOD : "no-store")
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }
}
