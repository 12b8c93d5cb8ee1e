package dev.errand.identity.oidc;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.Map;

/** A browser on its way to the provider and back. */
public final class OidcBrowser {
  private final Map<String, String> cookies = new HashMap<>();

  private OidcBrowser() {}

  /** Signs in whom the provider says: the answer to the way back. */
  static Response signIn() {
    OidcBrowser browser = new OidcBrowser();
    return browser.back(browser.toTheProvider());
  }

  /** The session of whom the provider says. */
  public static String session() {
    Response back = signIn();
    back.then().statusCode(302);
    return back.getCookie("sessionId");
  }

  /** A request with a session. */
  static RequestSpecification with(String session) {
    return given().contentType(ContentType.JSON).cookie("sessionId", session);
  }

  static OidcBrowser begin() {
    return new OidcBrowser();
  }

  /** Goes to the provider, and is led back to this address. */
  String toTheProvider() {
    return toTheProvider("");
  }

  /** The same, with a query that says where the sign-in leads on to. */
  String toTheProvider(String query) {
    Response begun = open("/sign-in/oidc" + query);
    begun.then().statusCode(302);
    cookies.putAll(begun.getCookies());
    return open(begun.header("Location")).then().statusCode(302).extract().header("Location");
  }

  /** Opens the address that the provider leads back to. */
  Response back(String address) {
    return open(address);
  }

  private Response open(String address) {
    return given()
        .redirects()
        .follow(false)
        .urlEncodingEnabled(false)
        .accept("text/html,application/xhtml+xml")
        .cookies(address.contains("/authorize") ? Map.of() : cookies)
        .get(address);
  }
}
