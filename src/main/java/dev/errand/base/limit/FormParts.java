package dev.errand.base.limit;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Refuses forms with files ({@code multipart/form-data}, RFC 7578) where no file is taken, and
 * bounds their parts elsewhere: the server writes each file to the disk before anything is known of
 * its sender's rights, and keeps a core meanwhile.
 */
class FormParts {
  private static final int MOST = 64;
  // Servlets, and the one click by which programs for mail unsubscribe (RFC 8058).
  private static final Pattern TAKEN =
      Pattern.compile("/console/[^/]+/[^/]+/publish/?|/channels/.+");
  // A trigger reads the body itself.
  private static final String HOOKS = "/hooks/";

  @ServerRequestFilter
  void check(ContainerRequestContext request) {
    MediaType type = request.getMediaType();
    String path = request.getUriInfo().getPath();
    if (type == null || !type.getType().equalsIgnoreCase("multipart") || path.startsWith(HOOKS)) {
      return;
    }
    if (!TAKEN.matcher(path).matches()) {
      throw new ApiException(
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "No file is taken here: send a form as application/x-www-form-urlencoded.");
    }
    String boundary = type.getParameters().get("boundary");
    if (boundary != null) {
      request.setEntityStream(new CountedParts(request.getEntityStream(), boundary));
    }
  }

  /** A body whose delimiters are counted while it is read. */
  private static final class CountedParts extends FilterInputStream {
    private final byte[] delimiter;
    // How many bytes of the delimiter are found again where the next one differs (Knuth, Morris,
    // Pratt).
    private final int[] again;
    private int found;
    private int parts;

    CountedParts(InputStream body, String boundary) {
      super(body);
      delimiter = ("--" + boundary).getBytes(StandardCharsets.UTF_8);
      again = new int[delimiter.length];
      for (int i = 1, length = 0; i < delimiter.length; i++) {
        while (length > 0 && delimiter[i] != delimiter[length]) {
          length = again[length - 1];
        }
        length += delimiter[i] == delimiter[length] ? 1 : 0;
        again[i] = length;
      }
    }

    @Override
    public int read() throws IOException {
      int next = in.read();
      if (next >= 0) {
        count((byte) next);
      }
      return next;
    }

    @Override
    public int read(byte[] to, int start, int length) throws IOException {
      int came = in.read(to, start, length);
      for (int i = start; i < start + came; i++) {
        count(to[i]);
      }
      return came;
    }

    private void count(byte next) {
      while (found > 0 && next != delimiter[found]) {
        found = again[found - 1];
      }
      found += next == delimiter[found] ? 1 : 0;
      if (found == delimiter.length) {
        found = 0;
        parts++;
      }
      // The last delimiter ends the form.
      if (parts > MOST + 1) {
        throw ApiException.invalid("The form", "has more than %d parts".formatted(MOST));
      }
    }
  }
}
