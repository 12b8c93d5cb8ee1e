package dev.errand.base.http;

import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import java.io.InputStream;
import java.util.Objects;

/** The API's document as the build has packaged it, in JSON. */
public final class OpenApiResource {
  private static final String RESOURCE = "/" + OpenApiConstants.BASE_NAME + ".JSON";

  private OpenApiResource() {}

  public static InputStream open() {
    return Objects.requireNonNull(OpenApiResource.class.getResourceAsStream(RESOURCE));
  }
}
