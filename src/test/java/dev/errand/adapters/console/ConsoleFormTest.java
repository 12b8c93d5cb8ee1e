package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What all operations of the console have in common. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ConsoleFormTest {
  private static final String BELOW = "/console/{user}/{profile}";

  /** The operations of pages of profiles. */
  private static List<Method> operations() throws Exception {
    java.nio.file.Path classes = java.nio.file.Path.of("target", "classes");
    try (Stream<java.nio.file.Path> files = Files.walk(classes.resolve("dev"))) {
      return files
          .map(file -> classes.relativize(file).toString())
          .filter(file -> file.endsWith(".class") && !file.contains("$") && !file.contains("-"))
          .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
          .map(ConsoleFormTest::type)
          .filter(type -> type.isAnnotationPresent(Path.class))
          .flatMap(type -> Stream.of(type.getDeclaredMethods()))
          .filter(method -> address(method).startsWith(BELOW))
          .filter(method -> Stream.of(method.getAnnotations()).anyMatch(ConsoleFormTest::isVerb))
          .toList();
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name, false, ConsoleFormTest.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isVerb(Annotation annotation) {
    return annotation.annotationType().isAnnotationPresent(HttpMethod.class);
  }

  private static String address(Method method) {
    Path path = method.getAnnotation(Path.class);
    return method.getDeclaringClass().getAnnotation(Path.class).value()
        + (path == null ? "" : "/" + path.value());
  }

  private static RequestSpecification request() {
    return given().cookie("sessionId", Api.SESSION).header("Accept", MediaType.TEXT_HTML);
  }

  private static List<Response> send(Method form) {
    String path =
        address(form).replace(BELOW, "/console/admin/default").replaceAll("\\{\\w+}", "x");
    boolean hasFile = form.isAnnotationPresent(Consumes.class);
    Response answer =
        (hasFile
                ? request().contentType(MediaType.MULTIPART_FORM_DATA).multiPart("name", "x")
                : request()
                    .contentType(MediaType.APPLICATION_FORM_URLENCODED + "; charset=UTF-8")
                    .formParam("name", "x"))
            .post(path);
    return hasFile
        ? List.of(answer)
        : List.of(answer, request().contentType(MediaType.APPLICATION_JSON).body("{}").post(path));
  }

  @Test
  void eachOperationTakesTheRequestThatIsChecked() throws Exception {
    for (Method operation : operations()) {
      assertTrue(
          List.of(operation.getParameterTypes()).contains(PageRequest.class), operation::toString);
    }
  }

  @Test
  void noFormIsTakenWithoutItsTicket() throws Exception {
    List<String> wrong = new ArrayList<>();
    int sent = 0;
    for (Method operation : operations()) {
      if (!operation.isAnnotationPresent(GET.class)) {
        for (Response answer : send(operation)) {
          if (answer.statusCode() != 403 || !answer.asString().contains("This form has expired")) {
            wrong.add(operation + ": " + answer.statusLine());
          }
        }
        sent++;
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(sent > 50, sent + " forms were sent.");
  }

  @Test
  void aFieldMayBeAsLargeAsTheForm() {
    Browser admin = new Browser(Api.SESSION);
    String task = Api.TASKS + "/large-field";
    Map<String, Object> settings = Map.of("key", "sk-a-key-of-1234");
    api().body(Api.task("Say x.", "http://127.0.0.1:9", settings)).put(task).then().statusCode(201);
    try {
      Page form = admin.open("/console/admin/default/tasks/large-field/edit");
      String prompt = "é".repeat(100_000);
      Page saved = admin.send(form, "form[action$=/edit]", Map.of("prompt", prompt));
      assertEquals(200, saved.status());
      assertEquals(prompt, api().get(task).jsonPath().getString("openai.prompt"));
    } finally {
      api().delete(task);
    }
  }
}
