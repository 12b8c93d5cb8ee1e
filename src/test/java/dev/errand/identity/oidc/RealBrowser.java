package dev.errand.identity.oidc;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser that follows redirects, keeps cookies and fills in the forms of the provider. */
final class RealBrowser {
  private static final int MOST_STEPS = 20;
  private static final Pattern FORM = Pattern.compile("<form[^>]* action=\"([^\"]+)\"");
  private static final Pattern XSRF = Pattern.compile("name=\"xsrf\" value=\"([^\"]+)\"");

  private final CookieManager cookies = new CookieManager();
  private final HttpClient client = HttpClient.newBuilder().cookieHandler(cookies).build();

  /** A page where the redirects have ended. */
  record Page(URI address, int status, String text) {}

  /** Begins at an address and signs in where the provider asks for that. */
  Page signIn(String address, String name) {
    Page page = open(address);
    for (int step = 0; step < 2 && page.address().getPath().startsWith("/interaction/"); step++) {
      boolean asksForName = page.text().contains("name=\"password\"");
      page =
          submit(
              page,
              asksForName
                  ? Map.of("prompt", "login", "login", name, "password", "whatever")
                  : Map.of("prompt", "consent"));
    }
    return page;
  }

  /** Signs out at the provider. */
  Page signOut() {
    return confirm(open(NodeProvider.url() + "/session/end"));
  }

  /** Answers the provider that the person does want to sign out. */
  Page confirm(Page asks) {
    return submit(asks, Map.of("xsrf", found(XSRF, asks.text()), "logout", "yes"));
  }

  /** The session of the service; empty while there is none. */
  String session() {
    return cookies.getCookieStore().getCookies().stream()
        .filter(cookie -> cookie.getName().equals("sessionId"))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElse("");
  }

  Page open(String address) {
    return follow(HttpRequest.newBuilder(URI.create(address)).GET());
  }

  private Page submit(Page page, Map<String, String> fields) {
    String body =
        fields.entrySet().stream()
            .map(
                field ->
                    field.getKey()
                        + "="
                        + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return follow(
        HttpRequest.newBuilder(page.address().resolve(found(FORM, page.text())))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private Page follow(HttpRequest.Builder first) {
    HttpRequest.Builder request = first;
    for (int step = 0; step < MOST_STEPS; step++) {
      HttpResponse<String> answer = send(request.header("Accept", "text/html").build());
      URI at = answer.uri();
      if (answer.statusCode() / 100 != 3 || answer.uri().getPath().equals("/nowhere")) {
        return new Page(at, answer.statusCode(), answer.body());
      }
      URI next = at.resolve(answer.headers().firstValue("Location").orElseThrow());
      request = HttpRequest.newBuilder(next).GET();
    }
    throw new AssertionError("The redirects have no end.");
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new AssertionError(pattern + " is not in " + text);
    }
    return matcher.group(1).replace("&amp;", "&");
  }
}
