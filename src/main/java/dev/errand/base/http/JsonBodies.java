package dev.errand.base.http;

import dev.errand.base.json.Json;
import dev.errand.base.json.MergePatch;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyReader;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;
import org.jspecify.annotations.Nullable;

/** Reads JSON bodies of requests, in place of the framework, which stops at the first error. */
@Provider
@Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
class JsonBodies implements ServerMessageBodyReader<Object> {
  private final Json json;

  JsonBodies(Json json) {
    this.json = json;
  }

  @Override
  public boolean isReadable(
      Class<?> type,
      Type generic,
      @Nullable ResteasyReactiveResourceInfo resource,
      @Nullable MediaType media) {
    return media != null
        && type != String.class
        && (media.getSubtype().equals("json") || media.getSubtype().endsWith("+json"));
  }

  @Override
  public boolean isReadable(
      Class<?> type, Type generic, Annotation[] annotations, @Nullable MediaType media) {
    return isReadable(type, generic, (ResteasyReactiveResourceInfo) null, media);
  }

  @Override
  public @Nullable Object readFrom(
      Class<Object> type, Type generic, MediaType media, ServerRequestContext context)
      throws IOException {
    return json.body(context.getInputStream().readAllBytes(), generic);
  }

  @Override
  public @Nullable Object readFrom(
      Class<Object> type,
      Type generic,
      Annotation[] annotations,
      MediaType media,
      MultivaluedMap<String, String> headers,
      InputStream body)
      throws IOException {
    return json.body(body.readAllBytes(), generic);
  }
}
