package dev.errand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.platform.suite.api.ExcludeClassNamePatterns;
import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.SelectClasses;
import org.junit.platform.suite.api.SelectPackages;

/** Whether the suites run each test that starts the service, once. */
class ServiceSuiteTest {
  private static final List<Class<?>> SUITES =
      List.of(
          AdaptersSuite.class, AutomationSuite.class, IdentitySuite.class, RemainingSuite.class);

  @Test
  void everyPackageIsInOneSuite() {
    List<String> selected =
        Stream.of(AdaptersSuite.class, IdentitySuite.class, AutomationSuite.class)
            .flatMap(suite -> Stream.of(suite.getAnnotation(SelectPackages.class).value()))
            .sorted()
            .toList();
    List<String> excluded =
        Stream.of(RemainingSuite.class.getAnnotation(ExcludePackages.class).value())
            .sorted()
            .toList();
    assertEquals(selected, excluded);
    for (String name : selected) {
      assertEquals(
          List.of(name),
          selected.stream().filter(other -> (other + ".").startsWith(name + ".")).toList());
    }
  }

  @Test
  void aClassThatOneSuiteLeavesOutIsInAnother() {
    assertEquals(
        named(ExcludeClassNamePatterns.class, ExcludeClassNamePatterns::value),
        named(SelectClasses.class, SelectClasses::names));
    // It would leave out what it selects in the packages that it leaves out.
    assertFalse(RemainingSuite.class.isAnnotationPresent(SelectClasses.class));
  }

  private static <A extends Annotation> List<String> named(
      Class<A> annotation, Function<A, String[]> names) {
    return SUITES.stream()
        .flatMap(suite -> Stream.of(suite.getAnnotationsByType(annotation)))
        .flatMap(found -> Stream.of(names.apply(found)))
        .sorted()
        .toList();
  }

  @Test
  void everySuiteIsTested() throws IOException {
    assertEquals(
        SUITES.stream().map(Class::getSimpleName).toList(), sourcesWith("\n@ServiceSuite\n"));
  }

  /** Where the suites ran before, as in the build: the platform passes over what it can't load. */
  @Test
  void noTestThatStartsTheServiceWasPassedOver() throws IOException {
    List<Path> reports =
        sourcesWith("\n@ServiceSuite\n").stream()
            .map(suite -> Path.of("target/surefire-reports/TEST-dev.errand." + suite + ".xml"))
            .toList();
    FileTime compiled =
        Files.getLastModifiedTime(Path.of("target/test-classes/dev/errand/ServiceSuiteTest.class"));
    StringBuilder ran = new StringBuilder();
    for (Path report : reports) {
      if (!Files.exists(report) || Files.getLastModifiedTime(report).compareTo(compiled) < 0) {
        return;
      }
      ran.append(Files.readString(report));
    }
    List<String> passedOver =
        sourcesWith("\n@QuarkusTest\n").stream()
            .filter(name -> name.endsWith("Test"))
            .filter(name -> ran.indexOf("." + name + "\"") < 0 && ran.indexOf("." + name + "$") < 0)
            .toList();
    assertEquals(List.of(), passedOver);
  }

  @Test
  void whatStartsTheServiceHasANameThatSuitesAndProfilesSelect() throws IOException {
    for (String name : sourcesWith("\n@QuarkusTest\n")) {
      assertTrue(name.matches(".+(Test|IT|Benchmark)"), name);
    }
  }

  private static List<String> sourcesWith(String text) throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
      return sources
          .filter(source -> source.toString().endsWith(".java"))
          .filter(source -> contains(source, text))
          .map(source -> source.getFileName().toString().replace(".java", ""))
          .sorted()
          .toList();
    }
  }

  private static boolean contains(Path source, String text) {
    try {
      return Files.readString(source).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
