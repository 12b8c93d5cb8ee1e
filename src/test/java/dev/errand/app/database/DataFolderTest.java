package dev.errand.app.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir Path folder;

  @Test
  void theMasterKeyIsMadeOnceAndIsItsOwnersAlone() throws IOException {
    DataFolder data = DataFolder.of(folder.resolve("data"));
    assertFalse(data.hasMasterKey());
    String key = data.masterKey();
    assertEquals(32, Base64.getDecoder().decode(key).length);
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(data.masterKeyFile())));
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data.path())));
    assertEquals(key, DataFolder.of(folder.resolve("data")).masterKey());
  }

  @Test
  void whatACrashLeftOfAKeyIsNoKey() throws IOException {
    Files.writeString(folder.resolve("secret.key.new"), "half of");
    assertEquals(32, Base64.getDecoder().decode(DataFolder.of(folder).masterKey()).length);
  }

  @Test
  void aDatabaseWithoutItsKeyGetsNoSecondOne() throws IOException {
    Files.createDirectories(folder.resolve("postgres"));
    Files.writeString(folder.resolve("postgres/PG_VERSION"), "17\n");
    DataFolder data = DataFolder.of(folder);
    assertRefused("put the file back from a backup", data::masterKey);
    assertFalse(data.hasMasterKey());
  }

  @Test
  void aFileThatHoldsNoKeyIsRefusedAndKept() throws IOException {
    Path file = folder.resolve("secret.key");
    Files.writeString(file, "not a key");
    assertRefused("must hold the base64 of 32 bytes", DataFolder.of(folder)::masterKey);
    assertEquals("not a key", Files.readString(file));
  }

  @Test
  void itIsClaimedByOneAtATime() throws IOException {
    DataFolder data = DataFolder.of(folder);
    FileLock claim = data.claim();
    assertRefused("Another Errand uses the data folder", data::claim);
    claim.acquiredBy().close();
    data.claim().acquiredBy().close();
  }

  @Test
  void whatIsNoFolderIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertRefused("set ERRAND_DATA to another one", () -> DataFolder.of(file));
    Files.createDirectory(folder.resolve("errand.lock"));
    assertRefused("set ERRAND_DATA to another one", DataFolder.of(folder)::claim);
  }

  private static void assertRefused(String sentence, Executable what) {
    String said = String.valueOf(assertThrows(StartException.class, what).getMessage());
    assertTrue(said.contains(sentence), said);
  }
}
