package dev.errand.support;

import static io.restassured.RestAssured.given;

import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The servlets of the tests, and how they are published. */
public final class Servlets {
  private Servlets() {}

  /** The bytes of a servlet of the tests, or of a bundled one. */
  public static byte[] wasm(String name) {
    try (InputStream in = Servlets.class.getResourceAsStream("/servlets/" + name + ".wasm")) {
      if (in == null) {
        throw new IllegalArgumentException(name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A servlet that does the same in other bytes: it has one more section, which nobody reads. */
  public static byte[] variant(String name, String mark) {
    byte[] wasm = wasm(name);
    byte[] text = mark.getBytes(StandardCharsets.UTF_8);
    if (text.length > 100) {
      throw new IllegalArgumentException(mark);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(wasm);
    out.write(0);
    out.write(text.length + 1);
    out.write(text.length);
    out.writeBytes(text);
    return out.toByteArray();
  }

  /** The content address of these bytes. */
  public static String address(byte[] wasm) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(wasm));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Publishes as the tests' user; the query is encoded and may be empty. */
  public static Response publish(String slug, String query, byte[] wasm) {
    return publish(Api.SESSION, slug, query, wasm);
  }

  /** Publishes as the user of a session. */
  public static Response publish(String session, String slug, String query, byte[] wasm) {
    return given()
        .config(
            RestAssured.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                        .encodeContentTypeAs("application/wasm", ContentType.BINARY)))
        .urlEncodingEnabled(false)
        .cookie("sessionId", session)
        .contentType("application/wasm")
        .body(wasm)
        .put("/api/servlets/" + slug + (query.isEmpty() ? "" : "?" + query));
  }
}
