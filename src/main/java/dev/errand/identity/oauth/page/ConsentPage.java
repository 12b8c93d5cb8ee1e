package dev.errand.identity.oauth.page;

import dev.errand.base.secret.Sha256;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.Base64;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Renders the pages of OAuth. They have no script, and no other page may frame them. */
@ApplicationScoped
public class ConsentPage {
  private static final String MEDIA_TYPE = MediaType.TEXT_HTML + ";charset=UTF-8";

  private static final String STYLE =
      """
      :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
      body { margin: 8vh auto; max-width: 30rem; padding: 0 1rem; overflow-wrap: anywhere; }
      h1 { font-size: 1.4rem; margin: 0 0 1rem; }
      form, fieldset { display: grid; gap: .6rem; }
      fieldset { border: 1px solid #8888; border-radius: .4rem; margin: 0 0 .4rem; padding: .6rem .8rem; }
      label { display: grid; grid-template-columns: 1.6rem 1fr; align-items: start; }
      label.below { margin-left: 1.6rem; }
      input { margin: .3rem 0 0; }
      .buttons { display: flex; gap: .8rem; flex-wrap: wrap; }
      button { font: inherit; padding: .5rem 1.2rem; border: 1px solid #8888; border-radius: .4rem; background: none; color: inherit; cursor: pointer; }
      button.allow { background: #1a56b0; color: #fff; border-color: #1a56b0; }
      :focus-visible { outline: 3px solid #7aa7ee; outline-offset: 1px; }
      .message { border-left: 4px solid #c62828; padding: .2rem .7rem; margin: 0 0 1rem; }
      .note { font-size: .9rem; opacity: .85; }
      """;

  private static final String STYLE_SOURCE =
      "sha256-" + Base64.getEncoder().encodeToString(Sha256.of(STYLE));

  /**
   * What the page says.
   *
   * @param client the name of the client
   * @param verified the host of the client's document; null where the name is its own word
   * @param byHand whether an admin has made the client
   * @param place where the answer leads to
   * @param elsewhere whether that is on the web
   * @param user who is asked
   * @param scopes what the client wants to do
   * @param profile the profile of the endpoint; null for the endpoint that names none
   * @param profiles the user's own profiles, for the endpoint that names none
   * @param message what is wrong with what was sent; null for nothing
   * @param request the query of the client's request
   * @param ticket the ticket
   */
  record Consent(
      String client,
      @Nullable String verified,
      boolean byHand,
      String place,
      boolean elsewhere,
      String user,
      List<Choice> scopes,
      @Nullable String profile,
      List<Choice> profiles,
      @Nullable String message,
      String request,
      String ticket) {}

  /**
   * Something that the user may choose.
   *
   * @param value what the form sends
   * @param text what the page says
   * @param chosen whether it is
   */
  record Choice(String value, String text, boolean chosen) {}

  @CheckedTemplate(basePath = "oauth")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance consent(Consent consent, String style);

    static native TemplateInstance notice(
        String title, String message, @Nullable String next, String style);
  }

  /** The question. */
  RestResponse<String> ask(Consent consent, AnswerTarget target) {
    return answer(
        consent.message() == null ? 200 : 400,
        Templates.consent(consent, STYLE).render(),
        "'self' " + target.source());
  }

  /** A sentence that says why there is no question. */
  RestResponse<String> refuse(int status, String message) {
    return notice(
        status,
        "The access can't be granted",
        message,
        "Go back to the program that led you here.");
  }

  /**
   * A page that tells something.
   *
   * @param status its HTTP status
   * @param next what to do; null for nothing
   */
  public RestResponse<String> notice(
      int status, String title, String message, @Nullable String next) {
    return answer(status, Templates.notice(title, message, next, STYLE).render(), "'none'");
  }

  private static RestResponse<String> answer(int status, String page, String formAction) {
    String policy =
        "default-src 'none'; style-src '%s'; img-src data:; base-uri 'none'; form-action %s; frame-ancestors 'none'"
            .formatted(STYLE_SOURCE, formAction);
    return RestResponse.ResponseBuilder.<String>create(status)
        .entity(page)
        .type(MEDIA_TYPE)
        .header("Content-Security-Policy", policy)
        .header("X-Frame-Options", "DENY")
        .header("X-Content-Type-Options", "nosniff")
        // With none at all, older browsers would not say either that the form is this page's own.
        .header("Referrer-Policy", "same-origin")
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }
}
