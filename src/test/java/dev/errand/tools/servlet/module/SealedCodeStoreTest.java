package dev.errand.tools.servlet.module;

import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.variant;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.database.Sql;
import dev.errand.base.secret.OtherKey;
import dev.errand.base.secret.SecretBox;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class SealedCodeStoreTest {
  private static final String ENGINE = "an engine";
  private static final byte[] CODE = "what was compiled".getBytes(StandardCharsets.UTF_8);

  @Inject Sql sql;
  @Inject SecretBox box;
  @TempDir Path temp;

  private String address = "";
  private Path disk = Path.of("");

  @BeforeEach
  void servlet() {
    byte[] wasm = variant("count", UUID.randomUUID().toString());
    publish("admin/shelf", "", wasm);
    address = dev.errand.support.Servlets.address(wasm);
    disk = temp.resolve("code");
  }

  private SealedCodeStore shelf() {
    return shelf(box, disk);
  }

  private SealedCodeStore shelf(SecretBox box, Path disk) {
    return new SealedCodeStore(sql, box, new CodeFolder(disk, 1_000_000, Clock.systemUTC()));
  }

  private void assertFound(SealedCodeStore shelf) {
    assertArrayEquals(CODE, shelf.find(address, ENGINE).orElseThrow());
  }

  private void assertMissing(SealedCodeStore shelf) {
    assertTrue(shelf.find(address, ENGINE).isEmpty());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(disk)) {
      return files.toList();
    }
  }

  private Path file() throws IOException {
    assertEquals(1, files().size());
    return files().getFirst();
  }

  private int delete(String address) {
    return sql.statement("DELETE FROM servlet_code WHERE address = :address")
        .with("address", address)
        .update();
  }

  private void emptyDatabase() {
    delete(address);
  }

  private void replace(byte[] sealed, String engine) {
    sql.statement(
            """
            UPDATE servlet_code SET sealed = :sealed
            WHERE address = :address AND engine = :engine
            """)
        .with("sealed", sealed)
        .with("address", address)
        .with("engine", engine)
        .update();
  }

  private List<String> engines(String like) {
    return sql.statement(
            """
            SELECT engine FROM servlet_code WHERE address = :address AND engine SIMILAR TO :like
            ORDER BY created_at
            """)
        .with("address", address)
        .with("like", like)
        .list(row -> row.text("engine"));
  }

  private List<byte[]> rows() {
    return sql.statement(
            "SELECT sealed FROM servlet_code WHERE address = :address AND engine = :engine")
        .with("address", address)
        .with("engine", ENGINE)
        .list(row -> row.bytes("sealed"));
  }

  @Test
  void codeIsFoundInTheFolderAndInTheDatabase() throws IOException {
    shelf().keep(address, ENGINE, CODE);
    assertFound(shelf());
    emptyDatabase();
    assertFound(shelf());

    shelf().keep(address, ENGINE, CODE);
    Files.delete(file());
    assertFound(shelf());
    emptyDatabase();
    assertFound(shelf());
  }

  @Test
  void codeIsFoundOnlyForItsAddressAndEngine() throws IOException {
    SealedCodeStore shelf = shelf();
    shelf.keep(address, ENGINE, CODE);
    assertTrue(shelf.find(address, "another engine").isEmpty());
    assertTrue(shelf.find("0".repeat(64), ENGINE).isEmpty());

    // Nor does it help to put it where that of another one would be.
    shelf.keep(address, "another engine", CODE);
    Path known = disk.resolve(file(address, ENGINE));
    Path other = disk.resolve(file(address, "another engine"));
    Files.write(other, Files.readAllBytes(known));
    replace(Files.readAllBytes(known), "another engine");
    assertTrue(shelf.find(address, "another engine").isEmpty());
    assertFalse(Files.exists(other));
  }

  private static String file(String address, String engine) {
    return address
        + "."
        + ContentAddress.of(engine.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 12);
  }

  @Test
  void tamperedCodeIsNotUsedAndIsReplaced() throws IOException {
    shelf().keep(address, ENGINE, CODE);
    byte[] sealed = Files.readAllBytes(file());
    byte[] foreign =
        OtherKey.box().sealBytes(CODE, "servlet code " + address + " " + ENGINE).bytes();
    for (byte[] bad :
        new byte[][] {
          {},
          java.util.Arrays.copyOf(sealed, 20),
          java.util.Arrays.copyOf(sealed, sealed.length - 1),
          java.util.Arrays.copyOf(sealed, sealed.length + 1),
          flipped(sealed, 0),
          flipped(sealed, 3),
          flipped(sealed, 20),
          flipped(sealed, sealed.length - 1),
          CODE,
          foreign
        }) {
      Files.write(disk.resolve(file(address, ENGINE)), bad);
      assertFound(shelf());
      assertArrayEquals(rows().getFirst(), Files.readAllBytes(file()));

      Files.write(file(), bad);
      replace(bad, ENGINE);
      assertMissing(shelf());
      shelf().keep(address, ENGINE, CODE);
      assertFound(shelf());
      Files.delete(file());
      assertFound(shelf());
    }
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    changed[at] ^= 1;
    return changed;
  }

  @Test
  void aMachineWithAnotherKeyFindsNothing() {
    shelf().keep(address, ENGINE, CODE);
    assertMissing(shelf(OtherKey.box(), disk));
    assertMissing(shelf(OtherKey.box(), temp.resolve("other")));
  }

  @Test
  void aFolderThatCanNotBeWrittenIsOnlySlower() throws IOException {
    Path taken = Files.writeString(temp.resolve("file"), "no folder");
    SealedCodeStore shelf = shelf(box, taken.resolve("code"));
    shelf.keep(address, ENGINE, CODE);
    assertFound(shelf);
  }

  @Test
  void aDatabaseThatDoesNotAnswerIsOnlySlower() {
    DataSource broken =
        (DataSource)
            java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                  throw new SQLException("no database in this test");
                });
    SealedCodeStore shelf =
        new SealedCodeStore(
            new Sql(broken), box, new CodeFolder(disk, 1_000_000, Clock.systemUTC()));
    assertMissing(shelf);
    shelf.keep(address, ENGINE, CODE);
    assertFound(shelf);
  }

  @Test
  void codeOfNoServletIsNotInTheDatabase() {
    String unknown = dev.errand.support.Servlets.address(new byte[] {1, 2, 3});
    shelf().keep(unknown, ENGINE, CODE);
    assertEquals(0, delete(unknown));
  }

  @Test
  void outdatedCodeGoesWhenNewCodeIsKept() {
    shelf().keep(address, "an old engine", CODE);
    shelf().keep(address, "a former engine", CODE);
    sql.statement(
            """
            UPDATE servlet_code SET created_at = now() - interval '31 days'
            WHERE engine = :engine
            """)
        .with("engine", "an old engine")
        .update();
    shelf().keep(address, ENGINE, CODE);
    assertEquals(List.of("a former engine", ENGINE), engines("%an engine|a% engine"));
  }

  @Test
  void theFolderIsTheOwnersAndHoldsNoMoreThanItMay() throws IOException {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    for (int i = 0; i < 4; i++) {
      Clock clock = Clock.fixed(start.plus(Duration.ofMinutes(i)), ZoneOffset.UTC);
      CodeFolder folder = new CodeFolder(disk, 100, clock);
      folder.write("file" + i, new byte[40]);
      if (i == 1) {
        // Used again, so that the other one is the one used longest ago.
        assertTrue(
            new CodeFolder(disk, 100, Clock.offset(clock, Duration.ofSeconds(1)))
                .read("file0")
                .isPresent());
      }
      if (i == 2) {
        assertTrue(folder.read("file0").isPresent());
        assertTrue(folder.read("file1").isEmpty());
        assertTrue(folder.read("file2").isPresent());
      }
    }
    CodeFolder folder = new CodeFolder(disk, 100, Clock.systemUTC());
    assertEquals(2, files().size());
    folder.write("larger", new byte[101]);
    assertTrue(folder.read("larger").isEmpty());
    assertEquals(2, files().size());
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(disk)));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(disk.resolve("file3"))));
  }

  @Test
  void aFolderWithoutRoomKeepsNothing() {
    CodeFolder folder = new CodeFolder(disk, 0, Clock.systemUTC());
    folder.write("file", new byte[1]);
    assertFalse(Files.exists(disk));
  }

  @Test
  void publishedServletsAreCompiledForAllMachines() throws Exception {
    List<String> engines = engines("%");
    assertEquals(1, engines.size());
    assertTrue(shelf().find(address, engines.getFirst()).isPresent());
  }
}
