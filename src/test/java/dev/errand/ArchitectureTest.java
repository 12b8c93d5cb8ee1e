package dev.errand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess.AccessType;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.errand.base.database.Row;
import dev.errand.support.ReadRecords;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The layers and packages, and the one direction in which they depend on each other.
 *
 * <p>Every package of the service is in the list below. It may use the packages that stand above
 * it, never one that stands below. A new package is added to the list, in the layer whose concern
 * it shares, as high as what it uses allows.
 */
class ArchitectureTest {
  private static final String ROOT = "dev.errand.";
  private static final Path ROOT_FOLDER = Path.of("src/main/java/dev/errand");

  private static final List<String> ORDER =
      List.of(
          // base
          "base.error",
          "base.config",
          "base.json",
          "base.markdown",
          "base.field",
          "base.database",
          "base.background",
          "base.http",
          "base.limit",
          "base.turn",
          "base.cel",
          "base.secret",
          "base.egress.address",
          "base.egress.client",
          // identity
          "identity.account",
          "identity.audit",
          "identity.profile",
          "identity.signin",
          "identity.user",
          "identity.token",
          "identity.page",
          "identity.oidc",
          "identity.oauth",
          "identity.auth",
          // tools
          "tools.port",
          "tools.servlet.limit",
          "tools.servlet.abi",
          "tools.servlet.module",
          "tools.servlet.simd",
          "tools.servlet.prebuilt",
          "tools.servlet.host",
          "tools.servlet.registry",
          "tools.mcp.wire",
          "tools.mcp.oauth",
          "tools.mcp",
          "tools.install",
          // models
          "models.message",
          "models.output",
          "models.port",
          "models.wire",
          "models.price",
          "models.loop",
          "models.openai",
          "models.responses",
          "models.anthropic",
          // runs
          "runs.entry",
          "runs.event",
          "runs.provider",
          "runs.prompt",
          "runs.task",
          "runs.queue",
          "runs.history",
          "runs.approval",
          "runs.live",
          "runs.budget",
          "runs.rate",
          "runs.lifecycle",
          "runs.worker",
          // automation
          "automation.schedule.calendar",
          "automation.schedule",
          "automation.watch",
          "automation.heartbeat",
          "automation.trigger",
          "automation.channel",
          "automation.delivery",
          "automation.callback",
          "automation.notice",
          // adapters
          "adapters.admin",
          "adapters.tasktool",
          "adapters.mcp",
          "adapters.mcp.transport",
          "adapters.legacy",
          "adapters.document",
          "adapters.console.page",
          "adapters.console.run",
          "adapters.console.approval",
          "adapters.console.callback",
          "adapters.console.notice",
          "adapters.console.budget",
          "adapters.console.task",
          "adapters.console.schedule",
          "adapters.console.trigger",
          "adapters.console.tool",
          "adapters.console.profile",
          "adapters.console.settings",
          "adapters.console.admin",
          "adapters.serverless",
          // app
          "app.database",
          "app.boot",
          "app.demo",
          "app.telemetry");

  private static final Set<String> VENDORS =
      Set.of("models.openai", "models.responses", "models.anthropic");
  private static final Pattern MAY_NAME_VENDORS =
      Pattern.compile(
          "/(models/(price|openai|responses|anthropic)|app/demo)/|/models/port/ModelConfig\\.java");

  // What runs before there is a pool, what reads the driver's failures or asks after a connection,
  // and what listens on a connection of its own.
  private static final Pattern MAY_USE_JDBC =
      Pattern.compile(
          "base\\.database\\..*|app\\.database\\..*|app\\.boot\\.StartFailure"
              + "|app\\.telemetry\\.HealthChecks|runs\\.queue\\.QueueNotifications|runs\\.worker\\.WorkerLoop"
              + "|runs\\.live\\.(RunChangePoller|RunWatchers)");
  private static final Pattern JDBC =
      Pattern.compile("(java|javax)\\.sql|org\\.postgresql(\\..*)?|io\\.agroal(\\..*)?");

  // Tables of configured things that have no entity of their own.
  private static final Map<String, String> PARTS =
      Map.of(
          "profile_member", "identity.profile",
          "profile_alias", "identity.profile",
          "servlet_version", "tools.servlet.registry",
          "servlet_content", "tools.servlet.registry",
          "mcp_server", "tools.mcp");
  private static final Pattern TEXTS =
      Pattern.compile("\"\"\"(.*?)\"\"\"|\"((?:[^\"\\\\\n]|\\\\.)*)\"", Pattern.DOTALL);
  private static final Pattern WRITES =
      Pattern.compile("\\b(?:INSERT\\s+INTO|DELETE\\s+FROM|UPDATE)\\s+([a-z_]+)");
  private static final Pattern CHANGES = Pattern.compile("(persist|delete|update|flush).*");

  // Jackson's methods that indent, without a bound.
  private static final Set<String> INDENTING =
      Set.of(
          "toPrettyString",
          "writerWithDefaultPrettyPrinter",
          "withDefaultPrettyPrinter",
          "useDefaultPrettyPrinter",
          "setPrettyPrinter");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.errand");

  @Test
  void packagesUseOnlyWhatStandsAboveThem() {
    Map<String, String> wrong = new TreeMap<>();
    for (JavaClass user : CLASSES) {
      int own = ORDER.indexOf(place(user));
      user.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(used -> used.getPackageName().startsWith(ROOT))
          .filter(used -> ORDER.indexOf(place(used)) > own)
          .forEach(
              used ->
                  wrong.put(
                      user.getName() + " -> " + used.getName(),
                      place(user) + " stands above " + place(used)));
    }
    assertEquals(Map.of(), wrong);
  }

  @Test
  void everyPackageHasItsPlace() {
    TreeSet<String> packages =
        CLASSES.stream()
            .map(ArchitectureTest::place)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(ORDER), packages);
  }

  @Test
  void noNameIsUsedTwice() throws IOException {
    Map<String, List<String>> places = new TreeMap<>();
    for (Path source : sources()) {
      if (!source.endsWith("package-info.java")) {
        places
            .computeIfAbsent(source.getFileName().toString(), name -> new ArrayList<>())
            .add(source.getParent().toString());
      }
    }
    assertTrue(places.size() > 10, "No sources were found.");
    places.values().removeIf(found -> found.size() == 1);
    assertEquals(Map.of(), places);
  }

  // A vendor costs its settings and one package, whose port is found and not named.
  @Test
  void vendorsOfModelsAreNamedOnlyInTheirPackages() throws IOException {
    List<String> users =
        CLASSES.stream()
            .filter(user -> !VENDORS.contains(place(user)))
            .filter(
                user ->
                    user.getDirectDependenciesFromSelf().stream()
                        .anyMatch(used -> VENDORS.contains(place(used.getTargetClass()))))
            .map(JavaClass::getName)
            .toList();
    assertEquals(List.of(), users);
    List<Path> naming = new ArrayList<>();
    for (Path source : sources()) {
      String path = source.toString().replace('\\', '/');
      String text = Files.readString(source).toLowerCase(Locale.ROOT);
      if (!MAY_NAME_VENDORS.matcher(path).find()
          && (text.contains("openai") || text.contains("anthropic"))) {
        naming.add(source);
      }
    }
    assertEquals(List.of(), naming);
  }

  @Test
  void servicesKnowNothingOfHttp() {
    Set<String> wrong = new TreeSet<>();
    Set<String> services = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      boolean isService = type.getSimpleName().endsWith("Service");
      boolean isResource = type.getSimpleName().endsWith("Resource");
      Set<String> used =
          type.getDirectDependenciesFromSelf().stream()
              .map(dependency -> dependency.getTargetClass().getBaseComponentType().getName())
              .collect(Collectors.toSet());
      if (isService) {
        services.add(type.getSimpleName());
      }
      for (String name : used) {
        boolean isHttp =
            name.startsWith("jakarta.ws.rs.")
                || name.startsWith("io.vertx.")
                || name.endsWith(".CurrentCaller");
        boolean isDatabase =
            name.equals("javax.sql.DataSource")
                || name.equals("jakarta.persistence.EntityManager")
                || name.equals("jakarta.transaction.Transactional");
        if ((isService && isHttp) || (isResource && isDatabase)) {
          wrong.add(type.getName() + " -> " + name);
        }
      }
    }
    assertTrue(services.size() >= 12, services.toString());
    assertEquals(Set.of(), wrong);
  }

  @Test
  void statementsOnlyUseTheSqlHelper() {
    TreeSet<String> users =
        CLASSES.stream()
            .filter(
                user ->
                    user.getDirectDependenciesFromSelf().stream()
                        .anyMatch(
                            used -> JDBC.matcher(used.getTargetClass().getPackageName()).matches()))
            .map(ArchitectureTest::name)
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(users.contains("base.database.Sql"), "No use of JDBC was found.");
    users.removeIf(user -> MAY_USE_JDBC.matcher(user).matches());
    assertEquals(new TreeSet<>(), users);
  }

  // A native executable has the constructors and components of registered types alone.
  @Test
  void recordsThatAreReadFromRowsAreRegisteredForReflection() {
    Set<JavaClass> read = ReadRecords.in(CLASSES);
    assertTrue(read.size() >= 30, read.toString());
    assertEquals(
        List.of(),
        Stream.concat(read.stream(), ReadRecords.convertersIn(CLASSES).stream())
            .filter(type -> !type.isAnnotatedWith(RegisterForReflection.class))
            .map(ArchitectureTest::name)
            .toList());
  }

  // What is only read is a record, made from a row. An entity is made to be persisted, in its own
  // package, or comes from Hibernate, whole.
  @Test
  void entitiesAreMadeOnlyToBePersisted() {
    TreeSet<String> makers = new TreeSet<>();
    TreeSet<String> strangers = new TreeSet<>();
    for (JavaClass entity : entities()) {
      Stream.concat(
              entity.getConstructorCallsToSelf().stream(),
              entity.getConstructorReferencesToSelf().stream())
          .map(access -> access.getOriginOwner())
          .forEach(
              maker ->
                  (maker.getPackageName().equals(entity.getPackageName()) ? makers : strangers)
                      .add(name(maker)));
    }
    assertTrue(makers.size() >= 8, makers.toString());
    assertEquals(new TreeSet<>(), strangers);
    assertEquals(
        List.of(),
        entities().stream()
            .flatMap(entity -> entity.getDirectDependenciesFromSelf().stream())
            .filter(used -> used.getTargetClass().isAssignableTo(Row.class))
            .map(Dependency::getDescription)
            .toList());
  }

  // A new column of one, or a rule about its changes, has one place.
  @Test
  void configuredThingsAreChangedByTheirPackagesAlone() throws IOException {
    Map<String, String> places = new TreeMap<>(PARTS);
    TreeSet<String> strangers = new TreeSet<>();
    for (JavaClass entity : entities()) {
      places.put(table(entity), place(entity));
      Stream.concat(
              entity.getMethodCallsToSelf().stream()
                  .filter(call -> CHANGES.matcher(call.getName()).matches()),
              entity.getFieldAccessesToSelf().stream()
                  .filter(access -> access.getAccessType() == AccessType.SET))
          .filter(access -> !place(access.getOriginOwner()).equals(place(entity)))
          .forEach(access -> strangers.add(access.getDescription()));
    }
    TreeSet<String> written = new TreeSet<>();
    for (Path source : sources()) {
      String place =
          ROOT_FOLDER
              .relativize(source.getParent())
              .toString()
              .replace('\\', '/')
              .replace('/', '.');
      for (MatchResult text : TEXTS.matcher(Files.readString(source)).results().toList()) {
        String sql = text.group(1) == null ? text.group(2) : text.group(1);
        WRITES
            .matcher(sql)
            .results()
            .map(write -> write.group(1))
            .forEach(
                table -> {
                  written.add(table);
                  if (!places.getOrDefault(table, place).equals(place)) {
                    strangers.add(table + " in " + source);
                  }
                });
      }
    }
    assertTrue(written.containsAll(PARTS.keySet()), written.toString());
    assertEquals(new TreeSet<>(), strangers);
  }

  private static String table(JavaClass entity) {
    return entity
        .tryGetAnnotationOfType(Table.class)
        .map(Table::name)
        .orElseGet(() -> new SnakeCaseStrategy().translate(entity.getSimpleName()));
  }

  // Who calls such a method has the transaction in which the entity lives.
  @Test
  void entitiesDoNotLeaveTheirTransactions() {
    Set<JavaClass> holders = new HashSet<>(entities());
    CLASSES.stream()
        .filter(type -> type.isRecord())
        .filter(
            type ->
                type.getFields().stream()
                    .anyMatch(
                        field ->
                            field.getType().getAllInvolvedRawTypes().stream()
                                .anyMatch(used -> used.isAnnotatedWith(Entity.class))))
        .forEach(holders::add);
    TreeSet<String> leaving = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      type.getMethods().stream()
          .filter(method -> !holders.contains(type))
          .filter(method -> !method.getModifiers().contains(JavaModifier.PRIVATE))
          .filter(method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC))
          .filter(
              method ->
                  method.getReturnType().getAllInvolvedRawTypes().stream()
                      .anyMatch(holders::contains))
          .filter(
              method ->
                  method
                      .tryGetAnnotationOfType(Transactional.class)
                      .filter(kind -> kind.value() == Transactional.TxType.MANDATORY)
                      .isEmpty())
          .forEach(method -> leaving.add(method.getFullName()));
    }
    assertTrue(holders.size() > entities().size(), "No record with an entity was found.");
    assertEquals(new TreeSet<>(), leaving);
  }

  @Test
  void jsonIsIndentedByOneClass() {
    TreeSet<String> users = new TreeSet<>();
    for (JavaClass type : CLASSES) {
      Stream.concat(
              type.getMethodCallsFromSelf().stream(), type.getMethodReferencesFromSelf().stream())
          .map(call -> call.getTarget().getName())
          .filter(INDENTING::contains)
          .forEach(call -> users.add(name(type)));
    }
    assertEquals(new TreeSet<>(Set.of("base.json.PrettyJson")), users);
  }

  private static List<JavaClass> entities() {
    return CLASSES.stream().filter(type -> type.isAnnotatedWith(Entity.class)).toList();
  }

  private static String name(JavaClass type) {
    return type.getName().substring(ROOT.length()).replaceFirst("\\$.*", "");
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> found = Files.walk(Path.of("src/main/java"))) {
      return found.filter(path -> path.toString().endsWith(".java")).toList();
    }
  }

  private static String place(JavaClass type) {
    String name = type.getPackageName();
    return name.startsWith(ROOT) ? name.substring(ROOT.length()) : name;
  }
}
