package dev.errand.base.http;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jboss.resteasy.reactive.common.providers.serialisers.MapAsFormUrlEncodedProvider;
import org.jboss.resteasy.reactive.common.util.Encode;
import org.jspecify.annotations.Nullable;

/**
 * The form that a program sends. An operation that reads it by this answers one that can't be read
 * in a manner of its own; the server would answer by a problem document, before the operation.
 */
public final class FormBody {
  /** What is wrong with a form that can't be read. */
  public static final String UNREADABLE =
      "The form can't be read: after each % must be two hexadecimal digits.";

  private FormBody() {}

  /**
   * The fields of a form.
   *
   * @param body null where there is none, which is a form without fields
   * @return empty for one that can't be read
   */
  public static Optional<MultivaluedMap<String, String>> read(byte @Nullable [] body) {
    byte[] form = body == null ? new byte[0] : body;
    try {
      MultivaluedMap<String, String> encoded =
          MapAsFormUrlEncodedProvider.parseForm(
              new ByteArrayInputStream(form), MediaType.APPLICATION_FORM_URLENCODED_TYPE);
      return Optional.of(Encode.decode(encoded, StandardCharsets.UTF_8.name()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
