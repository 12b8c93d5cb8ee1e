package dev.errand.identity.token;

import dev.errand.base.error.ApiException;
import dev.errand.identity.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The tokens of the caller. */
@Path("/api/tokens")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TokenResource {
  private final CurrentCaller caller;
  private final TokenService tokens;

  TokenResource(CurrentCaller caller, TokenService tokens) {
    this.caller = caller;
    this.tokens = tokens;
  }

  /** Creates a token, whose text is only in this answer. */
  @POST
  public RestResponse<NewToken> create(@Nullable TokenRequest wanted) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: {\"name\", \"scopes\", …}");
    }
    return RestResponse.status(RestResponse.Status.CREATED, tokens.create(caller.get(), wanted));
  }

  /** The tokens, the newest first. */
  @GET
  public List<TokenView> list(@RestQuery @Nullable String user) {
    return tokens.list(caller.get(), user);
  }

  /** Revokes a token, and those that were made by it. */
  @DELETE
  @Path("{id}")
  public void delete(@RestPath String id) {
    tokens.delete(caller.get(), id);
  }
}
