package dev.errand.identity.page;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Forms that can't be read, which anybody may send to the operations that only take forms. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class UnreadableFormsTest {
  private static final String FORM = MediaType.APPLICATION_FORM_URLENCODED;

  /** What programs send in the manner of OAuth. */
  private static final Set<String> OF_OAUTH =
      Set.of("/oauth/token", "/oauth/revoke", "/sign-in/oidc/backchannel-logout");

  @Test
  void eachIsRefused() throws IOException {
    Set<String> addresses = addresses();
    assertTrue(addresses.containsAll(OF_OAUTH), addresses::toString);
    assertTrue(
        addresses.containsAll(Set.of("/sign-in", "/sign-in/invitation", "/set-up", "/sign-out")),
        addresses::toString);
    for (String address : addresses) {
      String answer = sent(address, "username=%zz").statusCode(400).extract().asString();
      assertTrue(answer.contains("form can't be read"), () -> address + ": " + answer);
      if (!OF_OAUTH.contains(address)) {
        sent(address, "a=b&".repeat(1001)).statusCode(400).body(containsString("1,000 fields"));
      }
    }
  }

  @Test
  void programsOfOAuthAreAnsweredInItsForm() {
    for (String address : OF_OAUTH) {
      for (String form : List.of("grant_type=%zz", "token=a&client_id=%", "logout_token=%4")) {
        Map<String, String> answer =
            sent(address, form)
                .statusCode(400)
                .contentType(startsWith("application/json"))
                .header("Cache-Control", equalTo("no-store"))
                .body("error", equalTo("invalid_request"))
                .body("error_description", containsString("form can't be read"))
                .extract()
                .jsonPath()
                .getMap("");
        assertEquals(Set.of("error", "error_description"), answer.keySet());
      }
    }
  }

  private static ValidatableResponse sent(String address, String form) {
    return given().header("Content-Type", FORM).body(form).post(address).then();
  }

  private static Set<String> addresses() throws IOException {
    Path sources = Path.of("src/main/java");
    Set<String> addresses = new TreeSet<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        if (Files.readString(file).contains("@Consumes(MediaType.APPLICATION_FORM_URLENCODED)")) {
          String name = sources.relativize(file).toString().replace(".java", "").replace('/', '.');
          addresses.addAll(addresses(name));
        }
      }
    }
    return addresses;
  }

  private static List<String> addresses(String type) {
    try {
      return Stream.of(Class.forName(type).getDeclaredMethods())
          .filter(UnreadableFormsTest::takesForms)
          .map(method -> address(method.getDeclaringClass()) + address(method))
          .toList();
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean takesForms(Method method) {
    @Nullable Consumes ofMethod = method.getAnnotation(Consumes.class);
    @Nullable Consumes types =
        ofMethod == null ? method.getDeclaringClass().getAnnotation(Consumes.class) : ofMethod;
    return method.isAnnotationPresent(POST.class)
        && types != null
        && List.of(types.value()).contains(FORM);
  }

  private static String address(AnnotatedElement of) {
    jakarta.ws.rs.@Nullable Path path = of.getAnnotation(jakarta.ws.rs.Path.class);
    return path == null ? "" : path.value().startsWith("/") ? path.value() : "/" + path.value();
  }
}
