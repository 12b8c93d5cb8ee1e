package dev.errand.identity.page;

import dev.errand.identity.signin.SessionCookie;
import dev.errand.identity.signin.SessionService;
import dev.errand.identity.signin.SignOut;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The form by which people sign out. */
@Path("/sign-out")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class SignOutResource {
  private final SignInPage page;
  private final HtmlPages pages;
  private final SignedInUser users;
  private final FormTickets tickets;
  private final SignOut signOut;
  private final SessionCookie cookie;

  SignOutResource(
      SignInPage page,
      HtmlPages pages,
      SignedInUser users,
      FormTickets tickets,
      SignOut signOut,
      SessionCookie cookie) {
    this.page = page;
    this.pages = pages;
    this.users = users;
    this.tickets = tickets;
    this.signOut = signOut;
    this.cookie = cookie;
  }

  /**
   * Ends the session of the request. If a provider started it, the page has a link to sign out
   * there, too.
   */
  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public RestResponse<String> signOut(@RestForm @Nullable String ticket, @Context UriInfo uri) {
    Optional<SignedInUser.UserSession> user = users.get();
    if (user.isEmpty()) {
      return pages.redirect(SignInPageResource.PATH, uri).cookie(cookie.none(uri)).build();
    }
    tickets.checkOwn(ticket, user.get().credential());
    SignOut.Done done = signOut.end(user.get().caller(), SessionService.CURRENT);
    return done.provider()
        .map(path -> page.signedOut(pages.base() + "/" + path))
        .orElseGet(() -> pages.redirect(SignInPageResource.PATH, uri))
        .cookie(cookie.none(uri))
        .build();
  }
}
