package dev.errand.tools.servlet.registry;

import dev.errand.identity.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestPath;

/** The bytes of servlets by their content address. */
@Path("/api/c/{address}")
@RunOnVirtualThread
public class ContentResource {
  // Private, since access to the bytes depends on the session.
  private static final String FOR_EVER = "private, max-age=31536000, immutable";

  private final CurrentCaller caller;
  private final ServletService servlets;

  ContentResource(CurrentCaller caller, ServletService servlets) {
    this.caller = caller;
    this.servlets = servlets;
  }

  /** The bytes at an address, which never change. */
  @GET
  @Produces({"application/wasm", MediaType.APPLICATION_OCTET_STREAM})
  public Response get(
      @RestPath String address, @HeaderParam(HttpHeaders.IF_NONE_MATCH) List<String> ifNoneMatch) {
    ServletBytes wasm = servlets.bytes(caller.get(), address);
    String tag = "\"" + address + "\"";
    boolean known = ifNoneMatch.stream().anyMatch(line -> names(line, tag));
    Response.ResponseBuilder answer =
        known
            ? Response.notModified()
            : Response.ok(wasm).header(HttpHeaders.CONTENT_LENGTH, wasm.size());
    return answer.header(HttpHeaders.ETAG, tag).header(HttpHeaders.CACHE_CONTROL, FOR_EVER).build();
  }

  private static boolean names(String ifNoneMatch, String tag) {
    return Stream.of(ifNoneMatch.split(","))
        .map(String::strip)
        .anyMatch(one -> one.equals("*") || one.equals(tag) || one.equals("W/" + tag));
  }
}
