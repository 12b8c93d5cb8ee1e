package dev.errand.app.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/** The folder of the embedded database and of generated keys. */
public record DataFolder(Path path) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /** The folder at that place, created if it does not exist. */
  public static DataFolder of(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    try {
      if (!Files.isDirectory(absolute)) {
        Files.createDirectories(absolute);
        Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new StartException(
          "The data folder "
              + absolute
              + " can't be created: make it writable, or set ERRAND_DATA to another one.",
          e);
    }
    return new DataFolder(absolute);
  }

  /** The generated master key, the base64 of 32 bytes; the same at every start. */
  public String masterKey() {
    return secret("secret.key");
  }

  /** The generated password of the embedded database's superuser; the same at every start. */
  String databasePassword() {
    return secret("postgres.password");
  }

  /** The file of that password, which only its owner may read. */
  Path databasePasswordFile() {
    String _ = databasePassword();
    return path.resolve("postgres.password");
  }

  /** The generated password of the service's role in that database; the same at every start. */
  String servicePassword() {
    return secret("errand.password");
  }

  private String secret(String name) {
    Path file = path.resolve(name);
    try {
      if (!Files.exists(file)) {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        // Written to a temporary file and moved, so that a crash does not leave a partial secret.
        Path aside = path.resolve(name + ".new");
        Files.deleteIfExists(aside);
        Files.createFile(aside, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        Files.writeString(
            aside,
            Base64.getEncoder().encodeToString(bytes),
            StandardCharsets.US_ASCII,
            StandardOpenOption.SYNC);
        Files.move(aside, file);
      }
      return Files.readString(file, StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new StartException(
          "%s can't be read or created: %s. Check the folder's permissions."
              .formatted(file, e.getMessage()),
          e);
    }
  }
}
