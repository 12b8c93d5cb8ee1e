package dev.errand.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a native executable lacks unless it is registered while it is built. */
class NativeTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.errand");

  @Test
  void whatIsRegisteredForJsonHasNothingInItThatIsNot() {
    List<String> missing = new ArrayList<>();
    int registered = 0;
    for (JavaClass type : CLASSES) {
      if (type.isAnnotatedWith(RegisterForReflection.class) && type.isRecord()) {
        registered++;
        for (JavaField component : type.getFields()) {
          for (JavaClass inner : component.getType().getAllInvolvedRawTypes()) {
            if (inner.isRecord()
                && inner.getPackageName().startsWith("dev.errand")
                && !isRegistered(inner)) {
              missing.add(component.getFullName() + ": " + inner.getName());
            }
          }
        }
      }
    }
    assertEquals(List.of(), missing);
    assertTrue(registered > 40, () -> "there are such records");
  }

  @Test
  void noRecordThatJacksonReadsOrWritesIsLocalToAMethod() {
    assertEquals(
        List.of(),
        CLASSES.stream()
            .filter(type -> type.isRecord() && type.isLocalClass())
            .map(JavaClass::getName)
            .toList());
  }

  @Test
  void nothingStaticDependsOnTheMachineThatBuildsIt() {
    Set<String> ofTheMachine =
        Set.of(
            "java.security.SecureRandom",
            "java.util.Random",
            "java.util.SplittableRandom",
            "java.lang.Thread",
            "java.net.InetAddress",
            "java.net.http.HttpClient",
            "java.util.concurrent.ExecutorService",
            "java.util.concurrent.ScheduledExecutorService",
            "java.util.Locale",
            "java.util.TimeZone",
            "java.time.Clock");
    List<String> found =
        CLASSES.stream()
            .flatMap(type -> type.getFields().stream())
            .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
            .filter(
                field ->
                    ofTheMachine.contains(field.getRawType().getName())
                        || field.getRawType().isAssignableTo(Random.class))
            .map(JavaField::getFullName)
            .toList();
    assertEquals(List.of(), found);
  }

  @Test
  void everyResourceThatIsReadIsIncluded() throws Exception {
    Properties properties = new Properties();
    try (var in = Files.newInputStream(Path.of("src/main/resources/application.properties"))) {
      properties.load(in);
    }
    List<PathMatcher> included =
        Stream.of(properties.getProperty("quarkus.native.resources.includes").split(","))
            .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
            .toList();
    List<Path> missing = new ArrayList<>();
    for (String root : List.of("src/main/resources", "target/generated-resources/prebuilt")) {
      try (Stream<Path> files = Files.walk(Path.of(root))) {
        files
            .filter(file -> file.toString().endsWith(".wasm") || file.toString().endsWith(".meta"))
            .map(Path.of(root)::relativize)
            .filter(file -> included.stream().noneMatch(glob -> glob.matches(file)))
            .forEach(missing::add);
      }
    }
    assertEquals(List.of(), missing);
  }

  private static boolean isRegistered(JavaClass type) {
    return type.isAnnotatedWith(RegisterForReflection.class)
        || type.getEnclosingClass()
            .map(outer -> outer.isAnnotatedWith(RegisterForReflection.class))
            .orElse(false);
  }
}
