package dev.errand.base.egress.address;

import dev.errand.base.error.ApiException;
import dev.errand.base.http.HttpAddress;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The addresses that users name for messages to be posted to: callbacks, and channels. */
public final class MessageAddress {
  private static final int LONGEST = 2048;

  private MessageAddress() {}

  /**
   * Reads an address.
   *
   * @param field the field that has it, for the refusal
   * @throws ApiException when it is not an absolute HTTP URL, or has credentials or a fragment
   */
  public static URI parse(String field, @Nullable String url) {
    URI uri =
        HttpAddress.parse(url)
            .filter(address -> address.toString().length() <= LONGEST)
            .orElseThrow(
                () ->
                    ApiException.invalid(
                        field,
                        "must be an absolute http or https URL of %d characters at the most"
                            .formatted(LONGEST)));
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw ApiException.invalid(field, "must have no credentials and no fragment");
    }
    return uri;
  }

  /** The server of an address, such as {@code https://example.org:8443}. */
  public static String serverOf(String url) {
    URI uri = URI.create(url);
    return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
  }
}
