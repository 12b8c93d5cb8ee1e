package dev.errand.identity.oauth;

import java.net.URI;
import java.net.URISyntaxException;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/** Reads the issuer of an authorization server (RFC 8414, section 2). */
public final class IssuerReader implements Converter<URI> {
  private static final long serialVersionUID = 1L;

  @Override
  public @Nullable URI convert(String value) {
    if (value.isEmpty()) {
      return null;
    }
    try {
      URI issuer = new URI(value);
      boolean isHttp = "https".equals(issuer.getScheme()) || "http".equals(issuer.getScheme());
      if (isHttp
          && issuer.getHost() != null
          && issuer.getRawQuery() == null
          && issuer.getRawFragment() == null) {
        return issuer;
      }
    } catch (URISyntaxException e) {
      // The exception below says what is expected.
    }
    throw new IllegalArgumentException("must be an address such as https://id.example.com");
  }
}
