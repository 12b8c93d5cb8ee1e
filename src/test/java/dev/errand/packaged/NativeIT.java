package dev.errand.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.errand.adapters.console.EveryPage;
import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.app.telemetry.Observed;
import dev.errand.identity.oidc.ScriptedProvider;
import dev.errand.nativeimage.NativeSources;
import dev.errand.nativeimage.SimulatedImage;
import dev.errand.openapi.EveryOperation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.restassured.RestAssured;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What stops a native build, or is lacking in its executable, as far as a JVM can tell: it does
 * what the build and the start do on the jars of the native build, and looks at what comes of it.
 *
 * <p>Class initialisers run as in the build, with the environment of a machine that builds; then
 * the service starts by another environment, and {@link Scenarios} use it. Looked at is what the
 * static fields of the application, and of the libraries' classes that took part, hold after the
 * build; and what classes outside the JDK look up by name or reflection after it.
 *
 * <p>Not covered: what the scenarios don't reach; look-ups by the JDK, by method references, method
 * handles, {@code Unsafe} and native code; what a library's own {@code Feature} or substitution
 * changes; whether what is registered of a class is all of it that is used; compilation itself.
 */
class NativeIT {
  private static final Path FOLDER = Path.of("target", "native-check");

  // What it waits for takes seconds.
  private static final int LONGEST_SECONDS = 300;

  private static final Path REACHED = FOLDER.resolve("reached.txt");
  private static final Path INITIALISED = FOLDER.resolve("initialised.log");
  private static final Pattern INITIALISING = Pattern.compile("Initializing '([^'+]*)'");

  /**
   * What is reached and not registered, as kind, name and site, and yet does no harm. Each reason
   * is read from the library's code, and an executable of native-image 25.0.4 passed all scenarios
   * with them.
   */
  private static final List<String> HARMLESS =
      List.of(
          // The build copies its values into generated code.
          "resource\tapplication.properties\tio.smallrye.common.classloader.*",
          // Types of converters, which the code that Quarkus generates names for any program that
          // has them.
          "class\t\\S+\tio.quarkus.runtime.configuration.AbstractConfigBuilder.withConverter .*",
          // Kept in a static map, which class initialisers (TxControl, RecoveryDriver) fill while
          // the image is built.
          "constructor\tcom.arjuna.ats.arjuna.common.Co(re|ordinator)EnvironmentBean\t.*",
          "constructor\tcom.arjuna.ats.arjuna.common.RecoveryEnvironmentBean\t.*",
          // Validation looks for constraints on every mapping. Quarkus registers those that have
          // some; of any other the image shows no methods, and there is nothing to check.
          "methods\t(?!dev.errand.*("
              + "Worker|Schedule|Callback|Model|Run|Watch|Dispatch|Migration"
              + ")C)\\S+\tio.smallrye.config.ConfigMappingInterface.*",
          // Sets fields by properties. Unseen fields keep their defaults.
          ".*\tcom.arjuna.common.internal.util.propertyservice.BeanPopulator.configureFrom.*",
          // Narayana goes on without the file, by its defaults.
          "resource\tjbossts-properties.xml\t.*",
          // Looks for @InjectService, which Hibernate has on no service but
          // DataSourceConnectionProvider.
          "methods\t(?!.*[.]DataSourceC)\\S+\torg.hibernate.service.internal.\\S+.applyInj.*",
          // Registered by org.hibernate.graalvm.internal.GraalVMStaticFeature, in code.
          "constructor\torg.hibernate.persister.entity.SingleTableEntityPersister\t.*",
          "constructor\torg.hibernate.resource.transaction.backend.jta.internal.Jta\\S+\t.*",
          // Quarkus substitutes ChannelHandlerMask: what isn't found is called, rather than
          // skipped.
          "method\t\\S+\tio.netty.channel.ChannelHandlerMask.*",
          // Without the field's offset, Netty uses an updater of the field.
          "field\tio.netty.buffer.AbstractReferenceCountedByteBuf#refCnt\t.*",
          // Templates ask one resolver after the other; those of Qute itself know its types.
          "(methods|fields)\tio.quarkus.qute.\\S+\tio.quarkus.qute.ReflectionValueResolver.*",
          // Where it finds no SLF4J, Flyway logs by java.util.logging.
          "class\torg.slf4j.\\S+\torg.flywaydb.core.internal.util.ClassUtils.is.*",
          "service\torg.slf4j.spi.SLF4JServiceProvider=\\S+\torg.flywaydb.core.internal.util.*",
          "(class|constructor)\torg.flywaydb.core.internal.logging.slf4j.Slf4jLogCreator\t.*",
          // Has no setters, and Jackson reads configuration here, rather than writing it.
          "methods\torg.flywaydb.core.extensibility.Plugin\tcom.fasterxml.jackson.*");

  /** The resources that Errand itself reads. The settings are read before the framework starts. */
  private static final String READ = "application[.]properties|.*[.](wasm|meta|html|js|css)";

  /** Static fields whose values the image doesn't take from the build. */
  private static final Pattern SUBSTITUTED =
      Pattern.compile(
          "\t("
              // By Quarkus: Target_io_smallrye_common_net_Inet,
              // Target_io_netty_buffer_EmptyByteBuf.
              + "io.smallrye.common.net.Inet.INET[46]_(ANY|LOOPBACK|BROADCAST)"
              + "|io.netty.buffer.EmptyByteBuf.EMPTY_BYTE_BUFFER"
              // By Netty: NetUtilSubstitutions.
              + "|io.netty.util.NetUtil.(LOCALHOST[46]?|NETWORK_INTERFACES)"
              // Read by no other class. That native-image leaves it out for that is not proven.
              + "|io.netty.util.NetUtil.LOOPBACK_IF"
              + ")([.\\[].*)?$");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.errand");

  @TempDir static Path folder;

  private static NativeSources sources;
  private static SimulatedImage image;
  private static @Nullable String broken;

  @BeforeAll
  static void start() throws Exception {
    for (Path old : List.of(REACHED, INITIALISED)) {
      Files.deleteIfExists(old);
    }
    Files.createDirectories(FOLDER);
    sources = new NativeSources();
    image = new SimulatedImage(sources, folder);
    EmbeddedDatabase database = EmbeddedDatabase.startIn(folder.resolve("database"));
    ScriptedProvider provider = new ScriptedProvider();
    Map<String, String> environment = Packaged.environment(database, "postgres", folder);
    environment.put("ERRAND_EVENTS_TOKEN", Observed.EVENTS_TOKEN);
    environment.put("ERRAND_EGRESS_ALLOW", "localhost,127.0.0.1");
    environment.put("ERRAND_MAIL_FROM", "notices@errand.example");
    environment.put("QUARKUS_MAILER_HOST", "127.0.0.1");
    environment.put("QUARKUS_MAILER_PORT", Integer.toString(ForTests.MAIL_PORT));
    provider
        .start()
        .forEach(
            (name, value) ->
                environment.put(name.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT), value));
    try (Packaged service =
        Packaged.start(
            FOLDER.resolve("start.log"),
            environment,
            (log, all) -> {
              all.put("ERRAND_URL", "http://localhost:" + all.get("QUARKUS_HTTP_PORT"));
              return image.start(log, REACHED, INITIALISED, all);
            })) {
      service.awaitReady();
      RestAssured.port = service.port();
      Scenarios.all(service.managementPort());
      Scenarios.aSignIn();
      Scenarios.aMail(ForTests.MAIL_PORT);
      // A second build of the same jar leaves the operations out of the document that it serves.
      try (EveryOperation operations = EveryOperation.approved(superuser(database))) {
        operations.walk();
      }
      EveryPage.open();
      service.requestStop();
      service.awaitEnd();
    } catch (AssertionError e) {
      // The image is looked at all the same.
      broken = String.valueOf(e.getMessage());
    } finally {
      RestAssured.reset();
      provider.stop();
      database.stop();
    }
  }

  private static DataSource superuser(EmbeddedDatabase database) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(database.url());
    source.setUser(EmbeddedDatabase.USER);
    source.setPassword(database.password());
    return source;
  }

  @Test
  void typesWithinRegisteredTypesAreRegistered() {
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
            .map(Path.of(root)::relativize)
            .filter(file -> file.toString().matches(READ))
            .filter(file -> included.stream().noneMatch(glob -> glob.matches(file)))
            .forEach(missing::add);
      }
    }
    assertEquals(List.of(), missing);
  }

  @Test
  void theExecutableStartsByItsEnvironmentAndReachesOnlyRegisteredTypes() throws Exception {
    assertNull(broken);
    List<String> missing = new ArrayList<>();
    for (String line : Files.readAllLines(REACHED)) {
      String[] note = line.split("\t", 3);
      if (!sources.isRegistered(note[0], note[1])
          && HARMLESS.stream().noneMatch(one -> line.matches(one))) {
        missing.add(note[0] + " " + note[1] + ", reached by " + note[2]);
      }
    }
    Files.write(FOLDER.resolve("missing.txt"), missing);
    assertEquals(List.of(), missing);
  }

  @Test
  void theImageHoldsNothingThatItCanNot() throws Exception {
    List<String> classes = new ArrayList<>();
    for (String line : Files.readAllLines(INITIALISED)) {
      Matcher name = INITIALISING.matcher(line);
      if (name.find()) {
        classes.add(name.group(1).replace('/', '.'));
      }
    }
    Path list = Files.write(FOLDER.resolve("classes.txt"), classes);
    Path forbidden = FOLDER.resolve("forbidden.txt");
    Files.deleteIfExists(forbidden);
    Path log = FOLDER.resolve("walk.log");
    Process walk = image.walk(log, list, forbidden);
    assertTrue(walk.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS), () -> "it ends; its log is " + log);
    assertTrue(Files.exists(forbidden), () -> "its log is " + log);
    List<String> found = new ArrayList<>(Files.readAllLines(forbidden));
    String size = found.removeLast();
    assertTrue(size.matches("[0-9]{5,} objects of [0-9]{4,} classes"), size);
    assertEquals(
        List.of(), found.stream().filter(one -> !SUBSTITUTED.matcher(one).find()).toList());
  }

  private static boolean isRegistered(JavaClass type) {
    return type.isAnnotatedWith(RegisterForReflection.class)
        || type.getEnclosingClass()
            .map(outer -> outer.isAnnotatedWith(RegisterForReflection.class))
            .orElse(false);
  }
}
