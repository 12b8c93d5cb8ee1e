package dev.errand.identity.page;

import dev.errand.base.secret.Sha256;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Renders the page. It is one document: its script and its style stand in it, and the browser is
 * told to run nothing else.
 */
@ApplicationScoped
public class SignInPage {
  private static final String MEDIA_TYPE = MediaType.TEXT_HTML + ";charset=UTF-8";
  private static final String MESSAGE = "<!--message-->";
  private static final String ROOT = "<!--root-->";
  private static final String LINKS = "<!--links-->";

  private final List<SignInLink> links;
  private final String page;
  private final String policy;

  SignInPage(@All List<SignInLink> links) {
    this.links = links;
    this.page = read();
    this.policy =
        "default-src 'none'; script-src '%s'; style-src '%s'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            .formatted(hash("script"), hash("style"));
  }

  /**
   * The page as an answer.
   *
   * @param status its HTTP status
   * @param root what leads from its address to the base of the service, such as {@code ../}
   * @param message a sentence to show, such as why a sign-in was refused; null for none
   */
  public RestResponse.ResponseBuilder<String> answer(
      int status, String root, @Nullable String message) {
    return RestResponse.ResponseBuilder.<String>create(status)
        .entity(render(root, message))
        .type(MEDIA_TYPE)
        .header("Content-Security-Policy", policy)
        .header("X-Content-Type-Options", "nosniff")
        // The address may hold the code of a link, or that of a sign-in.
        .header("Referrer-Policy", "no-referrer")
        .header(HttpHeaders.CACHE_CONTROL, noStore());
  }

  private String render(String root, @Nullable String message) {
    String offered =
        links.stream()
            .flatMap(
                link ->
                    link
                        .path()
                        .map(
                            path ->
                                "<a href=\"%s\">%s</a>"
                                    .formatted(root + path, escaped(link.text())))
                        .stream())
            .collect(Collectors.joining("\n"));
    return page.replace(ROOT, root)
        .replace(LINKS, offered)
        .replace(MESSAGE, message == null ? "" : escaped(message));
  }

  private static CacheControl noStore() {
    CacheControl control = new CacheControl();
    control.setNoStore(true);
    control.setNoTransform(false);
    return control;
  }

  private String hash(String element) {
    int start = page.indexOf("<" + element + ">") + element.length() + 2;
    String content = page.substring(start, page.indexOf("</" + element + ">", start));
    return "sha256-" + Base64.getEncoder().encodeToString(Sha256.of(content));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static String read() {
    try (InputStream page = SignInPage.class.getResourceAsStream("/pages/sign-in.html")) {
      if (page == null) {
        throw new IllegalStateException("The page to sign in was not packaged.");
      }
      return new String(page.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
