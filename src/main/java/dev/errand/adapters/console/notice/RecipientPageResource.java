package dev.errand.adapters.console.notice;

import dev.errand.automation.channel.RecipientService;
import dev.errand.automation.channel.RecipientService.RecipientChannel;
import dev.errand.identity.page.HtmlPages;
import dev.errand.identity.page.PageFrame;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * The pages behind the links in e-mail. Programs that look for malware open links, so a page only
 * asks, and its button does it. Nobody needs a session: whoever has the link got the message.
 */
@Path("/channels")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class RecipientPageResource {
  private final RecipientService recipients;
  private final HtmlPages pages;

  RecipientPageResource(RecipientService recipients, HtmlPages pages) {
    this.recipients = recipients;
    this.pages = pages;
  }

  @CheckedTemplate(basePath = "channel")
  static final class Templates {
    private Templates() {}

    static native TemplateInstance ask(AskView view, PageFrame frame);
  }

  /**
   * What a page says.
   *
   * @param button what the person may do; null for nothing
   */
  public record AskView(String title, String text, @Nullable String button) {}

  private static final AskView UNKNOWN =
      new AskView(
          "This link has ended",
          "It is not known, was used for another address, or is older than 7 days. Ask who named"
              + " your address to have Errand write to you again.",
          null);

  @GET
  @Path("confirm/{code}")
  public RestResponse<String> askToConfirm(@RestPath String code) {
    return page(
        recipients.asked(code),
        asked ->
            asked.isConfirmed()
                ? confirmed(asked)
                : new AskView(
                    "Do you want messages from Errand?",
                    "Errand would write to your address when something of the profile %s needs attention."
                        .formatted(asked.profile()),
                    "Yes, write to me"));
  }

  @POST
  @Path("confirm/{code}")
  @Consumes(MediaType.WILDCARD)
  public RestResponse<String> confirm(@RestPath String code) {
    return page(recipients.confirm(code), RecipientPageResource::confirmed);
  }

  private static AskView confirmed(RecipientChannel asked) {
    return new AskView(
        "Your address is confirmed",
        "Errand writes to you when something of the profile %s needs attention. Each message has a link by which you end that."
            .formatted(asked.profile()),
        null);
  }

  @GET
  @Path("unsubscribe/{code}")
  public RestResponse<String> askToUnsubscribe(@RestPath String code) {
    return page(
        recipients.written(code),
        found ->
            found.isOff()
                ? unsubscribed(found)
                : new AskView(
                    "Do you want no more of these messages?",
                    "Errand would write no more to your address about the profile %s."
                        .formatted(found.profile()),
                    "Send me no more"));
  }

  /** Ends messages, also for mail programs that do it by one click (RFC 8058). */
  @POST
  @Path("unsubscribe/{code}")
  @Consumes(MediaType.WILDCARD)
  public RestResponse<String> unsubscribe(@RestPath String code) {
    return page(recipients.unsubscribe(code), RecipientPageResource::unsubscribed);
  }

  private static AskView unsubscribed(RecipientChannel found) {
    return new AskView(
        "Errand writes to you no more",
        "You get no more messages about the profile %s at this address.".formatted(found.profile()),
        null);
  }

  private RestResponse<String> page(
      Optional<RecipientChannel> found, Function<RecipientChannel, AskView> view) {
    PageFrame frame = pages.frame();
    return pages
        .answer(
            found.isPresent() ? 200 : 404,
            frame,
            Templates.ask(found.map(view).orElse(UNKNOWN), frame).render())
        // The address has the code.
        .header("Referrer-Policy", "no-referrer")
        .build();
  }
}
