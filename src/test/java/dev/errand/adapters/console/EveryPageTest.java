package dev.errand.adapters.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EveryPageTest {
  private static final String PROFILE = "console/{user}/{profile}";

  // Parts of pages, and the form of a remote server, which needs one.
  private static final List<String> OTHERS =
      List.of(
          "/models",
          "/schedule-preview",
          "/approvals/{approval}/arguments",
          "/tasks/{task}/triggers/{trigger}/deliveries/{delivery}/body",
          "/tools/{name}/edit-server");

  @Test
  void theListHasEachPageOfAProfile() {
    JavaClasses console = new ClassFileImporter().importPackages("dev.errand.adapters.console");
    List<String> missing =
        console.stream()
            .flatMap(each -> each.getMethods().stream())
            .filter(EveryPageTest::isPage)
            .map(method -> path(method).substring(1))
            .filter(path -> path.startsWith(PROFILE))
            .map(path -> path.substring(PROFILE.length()))
            .filter(path -> !OTHERS.contains(path))
            .filter(
                path ->
                    Stream.concat(
                            EveryPage.ADDRESSES.stream(), EveryPage.OF_FIRST.keySet().stream())
                        .noneMatch(
                            address ->
                                address
                                    .replaceFirst("\\?.*", "")
                                    .matches(path.replaceAll("\\{[^}]*}", "[^/]+"))))
            .sorted()
            .toList();
    assertEquals(List.of(), missing);
  }

  private static boolean isPage(JavaMethod method) {
    CanBeAnnotated produces = method.isAnnotatedWith(Produces.class) ? method : method.getOwner();
    return method.isAnnotatedWith(GET.class)
        && produces.isAnnotatedWith(Produces.class)
        && List.of(
                (produces instanceof JavaMethod of
                        ? of.getAnnotationOfType(Produces.class)
                        : method.getOwner().getAnnotationOfType(Produces.class))
                    .value())
            .contains(MediaType.TEXT_HTML);
  }

  private static String path(JavaMethod method) {
    JavaClass owner = method.getOwner();
    String path =
        owner.isAnnotatedWith(Path.class) ? part(owner.getAnnotationOfType(Path.class)) : "";
    return method.isAnnotatedWith(Path.class)
        ? path + part(method.getAnnotationOfType(Path.class))
        : path;
  }

  private static String part(Path path) {
    return path.value().startsWith("/") ? path.value() : "/" + path.value();
  }
}
