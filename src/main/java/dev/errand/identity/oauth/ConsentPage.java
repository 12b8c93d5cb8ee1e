package dev.errand.identity.oauth;

import dev.errand.identity.page.HtmlPages;
import dev.errand.identity.page.PageFrame;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Renders the pages of OAuth. They have no script, and no other page may frame them. */
@ApplicationScoped
public class ConsentPage {
  private final HtmlPages pages;

  ConsentPage(HtmlPages pages) {
    this.pages = pages;
  }

  /**
   * The data of the page.
   *
   * @param verified the host of the client's document; null where the name is not verified
   * @param byHand whether an admin has created the client
   * @param elsewhere whether that is on the web
   * @param profile the profile of the endpoint; null for the endpoint that names none
   * @param profiles the user's own profiles, for the endpoint that names none
   * @param message what is wrong with the form that was sent; null for nothing
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

  /** An option that the user may choose. */
  record Choice(String value, String text, boolean chosen) {}

  @CheckedTemplate(basePath = "oauth")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance consent(Consent consent, PageFrame frame);

    static native TemplateInstance notice(
        String title,
        String message,
        @Nullable String next,
        @Nullable String link,
        boolean failed,
        PageFrame frame);
  }

  RestResponse<String> ask(Consent consent, AnswerTarget target) {
    PageFrame frame = pages.frame();
    return pages
        .answer(
            consent.message() == null ? 200 : 400,
            frame,
            Templates.consent(consent, frame).render(),
            HtmlPages.OWN_FORMS + " " + target.source())
        .build();
  }

  /** A page that says why access can't be granted. */
  RestResponse<String> refuse(int status, String message) {
    return notice(
        status,
        "The access can't be granted",
        message,
        "Go back to the program that led you here.");
  }

  /**
   * A page with a message.
   *
   * @param next what to do; null for nothing
   */
  public RestResponse<String> notice(
      int status, String title, String message, @Nullable String next) {
    return notice(status, title, message, next, null);
  }

  /**
   * A page with a message and a link.
   *
   * @param next what to do; null for nothing
   * @param link where it leads to, relative to the base of the service; null for nowhere
   */
  public RestResponse<String> notice(
      int status, String title, String message, @Nullable String next, @Nullable String link) {
    PageFrame frame = pages.frame();
    return pages
        .answer(
            status,
            frame,
            Templates.notice(title, message, next, link, status >= 400, frame).render())
        .build();
  }
}
