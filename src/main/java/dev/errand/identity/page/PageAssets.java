package dev.errand.identity.page;

import dev.errand.base.secret.Sha256;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The stylesheet and the scripts of the pages. The address of each has the digest of its content,
 * so that browsers may cache it forever.
 */
@ApplicationScoped
public class PageAssets {
  /** The stylesheet of all pages. */
  public static final String STYLE = "errand.css";

  /** The script of the page to sign in, which reads the code of an invitation. */
  public static final String INVITATION = "invitation.js";

  /** The script of the console. */
  public static final String CONSOLE = "console.js";

  /** The script of the page with usage, which draws its plots. */
  public static final String USAGE = "usage.js";

  private static final int DIGITS = 12;

  private final Map<String, Asset> assets = new LinkedHashMap<>();

  PageAssets() {
    for (String name : List.of(STYLE, INVITATION, CONSOLE, USAGE)) {
      boolean isStyle = name.endsWith(".css");
      String content = isStyle ? read(name) : withoutComments(read(name));
      String type = isStyle ? "text/css" : "text/javascript";
      assets.put(
          name,
          new Asset(
              Sha256.hex(content.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS),
              type + ";charset=UTF-8",
              content));
    }
  }

  /**
   * A file that pages refer to.
   *
   * @param version the beginning of the digest of its content
   */
  record Asset(String version, String type, String content) {}

  /** The path of a file, from the slash after the base of the service on. */
  public String path(String name) {
    Asset asset = assets.get(name);
    if (asset == null) {
      throw new IllegalArgumentException("There is no asset " + name);
    }
    return "/assets/" + asset.version + "/" + name;
  }

  /** The file of that name; empty where there is none. */
  Optional<Asset> find(String name) {
    return Optional.ofNullable(assets.get(name));
  }

  // No line of a script is the inside of a text.
  private static String withoutComments(String script) {
    return script
        .lines()
        .map(String::strip)
        .filter(line -> !line.startsWith("//"))
        .collect(Collectors.joining("\n"));
  }

  private static String read(String name) {
    try (InputStream file = PageAssets.class.getResourceAsStream("/pages/" + name)) {
      if (file == null) {
        throw new IllegalStateException("The file pages/" + name + " was not packaged.");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
