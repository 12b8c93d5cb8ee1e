package dev.errand.support;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.RestAssured;
import io.restassured.builder.MultiPartSpecBuilder;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/**
 * A browser without scripts: it opens pages, reads them as browsers do, and sends their forms. Each
 * page is checked for what all pages have in common.
 */
public final class Browser {
  private @Nullable String session;

  /**
   * A browser with the cookie of a session.
   *
   * @param session the session; null for none
   */
  public Browser(@Nullable String session) {
    this.session = session;
  }

  /** The session that it has by now; null for none. */
  public @Nullable String session() {
    return session;
  }

  /**
   * A page.
   *
   * @param status its HTTP status
   * @param path the path of its address, with the query
   * @param html the page
   * @param answer the whole answer
   */
  public record Page(int status, String path, Document html, Response answer) {
    /** The text of the page, as a person reads it. */
    public String text() {
      return html.text();
    }

    /** The one element that a selector finds. */
    public Element one(String selector) {
      assertEquals(1, html.select(selector).size(), () -> selector + " in " + html);
      return html.select(selector).getFirst();
    }

    /** What stands in the one field that a selector finds. */
    public String value(String selector) {
      return Browser.text(one(selector));
    }

    /** Whether there is such an element. */
    public boolean has(String selector) {
      return !html.select(selector).isEmpty();
    }
  }

  /** Opens a path, and follows redirects within the service. */
  public Page open(String path) {
    return page(request().get(path), path);
  }

  /** Opens a path, without following where it leads to. */
  public Response at(String path) {
    return request().get(path);
  }

  /**
   * Sends the form that a selector finds, with what stands in it.
   *
   * @param changed the values of fields that are filled in otherwise
   */
  public Page send(Page page, String selector, Map<String, String> changed) {
    Element form = page.one(selector);
    Map<String, String> fields = fields(form, changed);
    if (form.attr("method").equalsIgnoreCase("post")) {
      return post(form.attr("action"), fields);
    }
    RequestSpecification asked = request().urlEncodingEnabled(true);
    fields.forEach(asked::queryParam);
    return page(asked.get(form.attr("action")), form.attr("action"));
  }

  /**
   * Sends the form that a selector finds, with a file.
   *
   * @param changed the values of fields that are filled in otherwise
   * @param field the field of the file
   */
  public Page upload(
      Page page, String selector, Map<String, String> changed, String field, byte[] file) {
    Element form = page.one(selector);
    assertEquals("multipart/form-data", form.attr("enctype"));
    RequestSpecification sent = request();
    fields(form, changed)
        .forEach(
            (name, value) -> {
              if (!name.equals(field)) {
                sent.multiPart(
                    new MultiPartSpecBuilder(value)
                        .controlName(name)
                        .charset(StandardCharsets.UTF_8)
                        .emptyFileName()
                        .build());
              }
            });
    sent.multiPart(field, "chosen.wasm", file, "application/octet-stream");
    return page(sent.post(form.attr("action")), form.attr("action"));
  }

  private static Map<String, String> fields(Element form, Map<String, String> changed) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (Element field : form.select("input, textarea, select")) {
      boolean isOff =
          List.of("checkbox", "radio").contains(field.attr("type")) && !field.hasAttr("checked");
      if (!field.attr("name").isEmpty() && !isOff) {
        fields.put(
            field.attr("name"), field.tagName().equals("select") ? chosen(field) : text(field));
      }
    }
    changed
        .keySet()
        .forEach(
            name ->
                assertTrue(
                    fields.containsKey(name) || !form.select("[name=" + name + "]").isEmpty(),
                    () -> "No field " + name + " in " + form));
    fields.putAll(changed);
    return fields;
  }

  /** Sends fields as a form does, whatever page they are from. */
  public Page post(String action, Map<String, String> fields) {
    RequestSpecification form =
        request()
            .urlEncodingEnabled(true)
            .contentType("application/x-www-form-urlencoded; charset=UTF-8");
    fields.forEach(form::formParam);
    return page(form.post(action), action);
  }

  private static String text(Element field) {
    // The end of the line after the tag is no part of it, and all ends of lines are the same.
    return field.tagName().equals("textarea")
        ? field.wholeText().replaceAll("\r\n?", "\n").replaceFirst("^\n", "")
        : field.val();
  }

  private static String chosen(Element select) {
    Element option = select.selectFirst("option[selected]");
    Element first = option == null ? select.selectFirst("option") : option;
    return first == null ? "" : first.hasAttr("value") ? first.attr("value") : first.text();
  }

  private RequestSpecification request() {
    RequestSpecification request =
        given()
            .urlEncodingEnabled(false)
            .redirects()
            .follow(false)
            .header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    return session == null ? request : request.cookie("sessionId", session);
  }

  private Page page(Response answer, String path) {
    String cookie = answer.cookie("sessionId");
    if (cookie != null) {
      session = cookie.isEmpty() ? null : cookie;
    }
    if (answer.statusCode() == 303 || answer.statusCode() == 302) {
      assertEquals("no-store", answer.header("Cache-Control"), path);
      URI to = URI.create(answer.header("Location"));
      assertEquals(RestAssured.port, to.getPort(), () -> "Leads elsewhere: " + to);
      String next = to.getRawPath() + (to.getRawQuery() == null ? "" : "?" + to.getRawQuery());
      return page(request().get(next), next);
    }
    checkFrame(answer, path);
    return new Page(answer.statusCode(), path, Jsoup.parse(answer.asString()), answer);
  }

  /** Checks what each page has in common. */
  private static void checkFrame(Response answer, String path) {
    assertEquals("text/html;charset=UTF-8", answer.contentType(), () -> path + answer.asString());
    assertEquals("no-store", answer.header("Cache-Control"), path);
    assertEquals("nosniff", answer.header("X-Content-Type-Options"), path);
    String policy = answer.header("Content-Security-Policy");
    assertNotNull(policy, path);
    for (String directive :
        List.of(
            "default-src 'none'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'")) {
      assertTrue(policy.contains(directive), () -> path + policy);
    }
    assertFalse(policy.contains("unsafe"), policy);
    Document html = Jsoup.parse(answer.asString());
    // What the policy would not let the browser do anyway.
    assertEquals("", html.select("script:not([src]), style, [style]").toString(), path);
    for (Element element : html.getAllElements()) {
      element
          .attributes()
          .forEach(
              attribute ->
                  assertFalse(
                      attribute.getKey().startsWith("on")
                          || attribute.getValue().startsWith("javascript:"),
                      () -> path + element));
    }
    assertFalse(html.title().isBlank(), path);
    assertEquals(1, html.select("h1").size(), () -> path + html);
    assertEquals(1, html.select("main").size(), () -> path + html);
  }
}
