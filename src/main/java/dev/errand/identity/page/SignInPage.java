package dev.errand.identity.page;

import dev.errand.identity.signin.SessionCookie;
import dev.errand.identity.signin.SignedIn;
import dev.errand.identity.user.SetUpService;
import io.quarkus.arc.All;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Renders the page on which people sign in, sign out, and choose a password by a link. */
@ApplicationScoped
public class SignInPage {
  private static final String HOME = "console";

  private final List<SignInLink> links;
  private final HtmlPages pages;
  private final FormTickets tickets;
  private final SessionCookie cookie;
  private final SetUpService setUp;

  SignInPage(
      @All List<SignInLink> links,
      HtmlPages pages,
      FormTickets tickets,
      SessionCookie cookie,
      SetUpService setUp) {
    this.links = links;
    this.pages = pages;
    this.tickets = tickets;
    this.cookie = cookie;
    this.setUp = setUp;
  }

  /**
   * The data of the page.
   *
   * @param message a sentence, such as why a sign-in was refused; null for none
   * @param username the name that was given, to be corrected
   * @param back the page to show after the sign-in, relative to the base; empty where none was
   *     requested
   * @param user who is signed in; null for nobody
   * @param code the code of an invitation whose password was refused; empty for none
   * @param isSetUpOffered whether nobody can sign in yet, and the service has printed a link
   */
  public record SignInView(
      @Nullable String message,
      String username,
      String back,
      List<Way> ways,
      @Nullable String user,
      String ticket,
      String code,
      boolean isSetUpOffered) {
    /** The address of the next page for a person who is signed in. */
    public String next() {
      return back.isEmpty() ? HOME : back;
    }
  }

  /** Another way to sign in. */
  public record Way(String address, String text) {}

  @CheckedTemplate(basePath = "page")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance signIn(SignInView view, PageFrame frame);

    static native TemplateInstance goOn(String address, PageFrame frame);

    static native TemplateInstance signedOut(String address, PageFrame frame);
  }

  /**
   * The page with its forms, as an answer.
   *
   * @param message a sentence to show, such as why a sign-in was refused; null for none
   */
  public ResponseBuilder<String> answer(int status, @Nullable String message) {
    return ask(status, message, "", Optional.empty(), "");
  }

  /** The page with its forms, with the given name and the page to show after the sign-in. */
  ResponseBuilder<String> ask(
      int status, @Nullable String message, String username, Optional<String> back, String code) {
    return answer(
        status,
        new SignInView(
            message, username, back.orElse(""), ways(back), null, "", code, setUp.isOffered()));
  }

  /** The page of a person who is signed in. */
  ResponseBuilder<String> known(SignedInUser.UserSession user, Optional<String> back) {
    return answer(
        200,
        new SignInView(
            null,
            "",
            back.orElse(""),
            List.of(),
            user.caller().username(),
            tickets.makeOwn(user.credential()),
            "",
            false));
  }

  private ResponseBuilder<String> answer(int status, SignInView view) {
    PageFrame frame = pages.frame(PageAssets.CONSOLE, PageAssets.INVITATION);
    return pages
        .answer(status, frame, Templates.signIn(view, frame).render())
        // The address may contain the code of a link, or of a sign-in.
        .header("Referrer-Policy", "no-referrer");
  }

  /** Redirects a person who has just signed in, with the cookie of the session. */
  RestResponse<String> signedIn(SignedIn session, Optional<String> back, UriInfo request) {
    String path = back.orElse(HOME);
    if (!ReturnPath.mayLeadElsewhere(path)) {
      return pages.redirect(path, request).cookie(cookie.of(session, request)).build();
    }
    // The target may redirect to another site, which browsers do not allow after a form.
    PageFrame frame = pages.frame();
    String address = pages.address(path, request).toString();
    return pages
        .answer(200, frame, Templates.goOn(address, frame).render())
        .cookie(cookie.of(session, request))
        .build();
  }

  /** Says that the session has ended, and where the person can sign out at the provider, too. */
  ResponseBuilder<String> signedOut(String address) {
    PageFrame frame = pages.frame();
    return pages.answer(200, frame, Templates.signedOut(address, frame).render());
  }

  private List<Way> ways(Optional<String> back) {
    String query = ReturnPath.query(back);
    return links.stream()
        .flatMap(
            link ->
                link
                    .path()
                    .map(path -> new Way(pages.base() + "/" + path + query, link.text()))
                    .stream())
        .toList();
  }
}
