package dev.errand.automation.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.Eventually;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Debian's Postfix, apart from that of the machine: all that it has is in a folder of its own, and
 * it delivers to one recipient. It is as strict as it can be about what it is sent.
 */
final class Postfix {
  /** The only recipient. */
  static final String RECIPIENT = "ada@example.org";

  private static final Path PROGRAM = Path.of("/usr/sbin/postfix");

  private final Path folder;
  private final Path mails;
  private boolean isStarted;

  /** Fails, and says what to do, where it can't be started. */
  static void require() {
    assertTrue(
        Files.isExecutable(PROGRAM),
        PROGRAM + " is not there: install it, on Debian by `apt-get install postfix`.");
    assertEquals("root", System.getProperty("user.name"), "Postfix starts only as root.");
  }

  /**
   * Configures it.
   *
   * @param port where it listens, once it is started
   */
  Postfix(int port) throws IOException {
    folder = Files.createTempDirectory("postfix");
    // Its daemons are other users than the one who starts it.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createDirectory(folder.resolve("queue"));
    folderOf("postfix", "data");
    mails = folderOf("nobody", "mails").resolve("ada").resolve("new");
    Files.writeString(
        folder.resolve("main.cf"),
        """
        compatibility_level = 3.6
        queue_directory = %1$s/queue
        data_directory = %1$s/data
        maillog_file = %1$s/log
        maillog_file_prefixes = %1$s
        myhostname = mail.example.org
        mydestination =
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mynetworks = 127.0.0.0/8
        smtpd_peername_lookup = no
        smtpd_recipient_restrictions = reject_unauth_destination
        default_transport = error:This server sends nothing.
        virtual_mailbox_domains = example.org
        virtual_mailbox_base = %1$s/mails
        virtual_mailbox_maps = inline:{ %2$s=ada/ }
        virtual_uid_maps = static:65534
        virtual_gid_maps = static:65534
        smtpd_helo_required = yes
        smtpd_forbid_bare_newline = reject
        smtpd_forbid_unauth_pipelining = yes
        strict_rfc821_envelopes = yes
        strict_7bit_headers = yes
        strict_8bitmime_body = yes
        strict_mime_encoding_domain = yes
        """
            .formatted(folder, RECIPIENT));
    Files.writeString(
        folder.resolve("master.cf"),
        """
        127.0.0.1:%d inet n - n - - smtpd
        pickup unix n - n 60 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        proxymap unix - - n - - proxymap
        error unix - - n - - error
        retry unix - - n - - error
        virtual unix - n n - - virtual
        anvil unix - - n - 1 anvil
        postlog unix-dgram n - n - 1 postlogd
        """
            .formatted(port));
  }

  private Path folderOf(String user, String name) throws IOException {
    Path made = Files.createDirectory(folder.resolve(name));
    return Files.setOwner(
        made, made.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
  }

  /** Starts it, and returns when it listens. */
  void start() throws IOException, InterruptedException {
    run("start");
    isStarted = true;
  }

  /** Stops it; the mails stay. */
  void stop() throws IOException, InterruptedException {
    if (isStarted) {
      isStarted = false;
      run("stop");
    }
  }

  private void run(String command) throws IOException, InterruptedException {
    // To a file: its daemons would keep a pipe open.
    Path said = folder.resolve("said");
    Process process =
        new ProcessBuilder(PROGRAM.toString(), "-c", folder.toString(), command)
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    int status = process.waitFor();
    assertEquals(0, status, () -> "postfix " + command + ": " + read(said) + log());
  }

  private String log() {
    Path log = folder.resolve("log");
    return Files.exists(log) ? read(log) : "";
  }

  /**
   * A mail as it was delivered.
   *
   * @param text all of it, a character for each byte
   */
  record Mail(String text) {
    MimeMessage message() throws MessagingException {
      return new MimeMessage(
          null, new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
  }

  /** The newest mail, once that many were delivered; fails if there are more. */
  Mail received(int number) {
    try {
      Eventually.await(number + " mails", () -> files().size() >= number);
    } catch (AssertionError e) {
      throw new AssertionError(log(), e);
    }
    List<Path> all = files();
    assertEquals(number, all.size(), this::log);
    return new Mail(read(all.getLast()));
  }

  private List<Path> files() {
    if (!Files.exists(mails)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(mails)) {
      return all.sorted(Comparator.comparing(Postfix::modified)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops it, and removes its folder. */
  void close() throws IOException, InterruptedException {
    stop();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
