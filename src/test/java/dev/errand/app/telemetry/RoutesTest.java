package dev.errand.app.telemetry;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoutesTest {
  @Test
  void theMetricsHaveASeriesForEachRoute() throws IOException {
    Properties settings = new Properties();
    try (Reader reader =
        Files.newBufferedReader(
            java.nio.file.Path.of("src/main/resources/application.properties"))) {
      settings.load(reader);
    }
    int most =
        Integer.parseInt(
            settings.getProperty("quarkus.micrometer.binder.http-server.max-uri-tags"));
    Set<String> routes =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.errand")
                .stream()
                .flatMap(each -> each.getMethods().stream())
                .filter(method -> method.isMetaAnnotatedWith(HttpMethod.class))
                .map(RoutesTest::route)
                .collect(Collectors.toSet());
    assertTrue(routes.size() > 100, () -> routes.size() + " routes");
    // Beside them are those of the framework: health, metrics, the API document, files.
    assertTrue(routes.size() < most / 2, () -> routes.size() + " routes");
  }

  private static String route(JavaMethod method) {
    return Stream.of(
            method.getOwner().tryGetAnnotationOfType(Path.class),
            method.tryGetAnnotationOfType(Path.class))
        .flatMap(Optional::stream)
        .map(Path::value)
        .collect(Collectors.joining("/"));
  }
}
