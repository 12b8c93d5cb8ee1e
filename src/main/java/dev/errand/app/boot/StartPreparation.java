package dev.errand.app.boot;

import dev.errand.app.database.DataFolder;
import dev.errand.app.database.EmbeddedDatabase;
import dev.errand.app.database.PostgresPrograms;
import dev.errand.app.database.SchemaMigration;
import dev.errand.app.database.ServicePort;
import dev.errand.app.database.StartException;
import dev.errand.base.background.WorkMode;
import dev.errand.identity.page.SetUpPageResource;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.runtime.configuration.DurationConverter;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.eclipse.microprofile.config.Config;

/**
 * Prepares what must exist before the configuration of the service is read: the embedded database
 * if no other is configured, and its master key.
 */
final class StartPreparation {
  private static final String URL = "quarkus.datasource.jdbc.url";
  private static final String KEY = "errand.secret.key";
  private static final String TRACES_TO = "otel.exporter.otlp.endpoint";
  private static final String NO_TRACES = "quarkus.otel.sdk.disabled";
  private static final String WORKER_MODE = "errand.worker.mode";
  private static final String WORKER_DRAIN = "errand.worker.drain";
  private static final String CALLBACK_MODE = "errand.callback.mode";
  private static final String PERIODIC_JOBS = "quarkus.scheduler.enabled";
  private static final String FRAMEWORK_MIGRATES = "quarkus.flyway.migrate-at-start";
  private static final int APPLICATION_PROPERTIES = 250;
  private static final Duration LAST_WRITES = Duration.ofSeconds(30);

  private StartPreparation() {}

  // The results are passed on in system properties: these survive a live reload, which must find
  // the same database and key again.
  static void prepare(CountDownLatch stopped) {
    if (isBuildTime()) {
      return;
    }
    Config config = configuration();
    boolean isTraced = isToBeTraced(config);
    WrongSetting.check(config, isTraced);
    // In development the framework keeps its port through a live reload.
    if (!isDevelopment()) {
      ServicePort.requireFree(config);
    }
    if (isTraced) {
      System.setProperty(NO_TRACES, "false");
    }
    System.setProperty(PERIODIC_JOBS, Boolean.toString(hasPeriodicJobs(config)));
    migrateOnce(config);
    DataFolder data =
        DataFolder.of(Path.of(config.getOptionalValue("errand.data", String.class).orElse("data")));
    if (isSet(config, URL)) {
      requireKey(data, config);
    } else {
      startDatabase(data, config, stopped);
    }
  }

  private static void requireKey(DataFolder data, Config config) {
    if (isSet(config, KEY)) {
      return;
    }
    if (!isDevelopment()) {
      throw new StartException(
          "ERRAND_SECRET_KEY is not set: generate a master key with `openssl rand -base64 32`, keep it"
              + " where it can't be lost, and set it for every start on this database.");
    }
    System.setProperty(KEY, data.masterKey());
  }

  private static void startDatabase(DataFolder data, Config config, CountDownLatch stopped) {
    if (!EmbeddedDatabase.isIncluded()) {
      throw new StartException(
          ("QUARKUS_DATASOURCE_JDBC_URL is not set, and this build contains no PostgreSQL for %s: name one, such as"
                  + " jdbc:postgresql://host:5432/errand, with QUARKUS_DATASOURCE_USERNAME and QUARKUS_DATASOURCE_PASSWORD.%s")
              .formatted(
                  PostgresPrograms.platform(),
                  isSet(config, KEY)
                      ? ""
                      : " Set ERRAND_SECRET_KEY as well, by `openssl rand -base64 32`."));
    }
    // Claimed first: of two processes on one empty folder, one makes the key.
    FileLock claim = data.claim();
    if (!isSet(config, KEY)) {
      boolean isNew = !data.hasMasterKey();
      System.setProperty(KEY, data.masterKey());
      System.setProperty(SetUpPageResource.KEY, data.masterKeyFile().toString());
      if (isNew && !isDevelopment()) {
        System.out.printf(
            "Errand keeps its data in %s. Its master key is %s: keep a copy elsewhere, since nothing"
                + " else opens the secrets in this data.%n",
            data.path(), data.masterKeyFile());
      }
    }
    EmbeddedDatabase database = EmbeddedDatabase.start(data, claim);
    System.setProperty(SetUpPageResource.DATA, data.path().toString());
    System.setProperty(URL, database.url());
    System.setProperty("quarkus.datasource.username", EmbeddedDatabase.SERVICE_USER);
    System.setProperty("quarkus.datasource.password", database.servicePassword());
    database.whenLost(
        () -> {
          System.err.println(
              "The embedded PostgreSQL has ended, so Errand stops. Restart it: it then brings the"
                  + " database back with all that was committed.");
          System.exit(1);
        });
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> database.stopAfter(stopped, longestStop(config)), "embedded-database-stop"));
  }

  // Read when it stops: by then all settings are known to be valid.
  static Duration longestStop(Config config) {
    return duration(config, WORKER_DRAIN, "PT25S")
        .plus(duration(config, "quarkus.shutdown.delay", "0"))
        .plus(duration(config, "quarkus.shutdown.timeout", "0"))
        .plus(LAST_WRITES);
  }

  private static Duration duration(Config config, String key, String otherwise) {
    return DurationConverter.parseDuration(
        config.getOptionalValue(key, String.class).orElse(otherwise));
  }

  // The service runs migrations itself; the framework would look for them a second time.
  private static void migrateOnce(Config config) {
    if (System.getProperty(SchemaMigration.AT_START) == null) {
      System.setProperty(
          SchemaMigration.AT_START,
          Boolean.toString(
              config.getOptionalValue(FRAMEWORK_MIGRATES, Boolean.class).orElse(true)));
      System.setProperty(FRAMEWORK_MIGRATES, "false");
    }
  }

  // An endpoint for traces enables tracing, unless it is disabled explicitly.
  static boolean isToBeTraced(Config config) {
    boolean isDecided =
        config.getConfigValue(NO_TRACES).getSourceOrdinal() > APPLICATION_PROPERTIES;
    return isSet(config, TRACES_TO) && !isDecided;
  }

  // In request mode, not even a timer runs between requests.
  static boolean hasPeriodicJobs(Config config) {
    String worker = config.getOptionalValue(WORKER_MODE, String.class).orElse(WorkMode.LOOP.name());
    String callback = config.getOptionalValue(CALLBACK_MODE, String.class).orElse(worker);
    return !(isRequest(worker) && isRequest(callback));
  }

  // What is neither, the configuration refuses later.
  private static boolean isRequest(String mode) {
    return mode.equalsIgnoreCase(WorkMode.REQUEST.name());
  }

  // The framework knows its mode only once it runs, so quarkus:dev sets this property beforehand.
  static boolean isDevelopment() {
    return Boolean.getBoolean("errand.development");
  }

  static boolean isForTheSchemaAlone() {
    return configuration().getOptionalValue("quarkus.init-and-exit", Boolean.class).orElse(false);
  }

  // Until the framework has started, ConfigProvider in a native executable returns the
  // configuration of the machine that built it.
  private static Config configuration() {
    return ConfigUtils.emptyConfigBuilder().build();
  }

  private static boolean isSet(Config config, String key) {
    return config.getOptionalValue(key, String.class).filter(text -> !text.isBlank()).isPresent();
  }

  // AOT-cache and AppCDS generation run main() to record which classes it loads, and need no
  // database.
  private static boolean isBuildTime() {
    return Boolean.getBoolean("quarkus.appcds.generate")
        || System.getProperty("quarkus.aot.generate") != null;
  }
}
