package dev.errand.tools.mcp.oauth;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The challenge of a server in {@code WWW-Authenticate} (RFC 6750, section 3, and RFC 9728, section
 * 5.1).
 *
 * @param parameters its parameters, with names in lower case
 */
public record BearerChallenge(Map<String, String> parameters) {
  private static final int LONGEST = 8192;
  private static final Pattern SCHEME =
      Pattern.compile("(?:^|,)\\s*bearer(?:\\s+|$)", Pattern.CASE_INSENSITIVE);
  private static final Pattern PARAMETER =
      Pattern.compile(
          "\\G[\\s,]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\\s*=\\s*"
              + "(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]+))");

  /** An empty challenge. */
  public static final BearerChallenge NONE = new BearerChallenge(Map.of());

  public BearerChallenge {
    parameters = Map.copyOf(parameters);
  }

  /**
   * Reads a header field, which may also contain challenges of other schemes.
   *
   * @param field its value; null for none
   */
  public static BearerChallenge of(@Nullable String field) {
    if (field == null || field.length() > LONGEST) {
      return NONE;
    }
    Matcher scheme = SCHEME.matcher(field);
    if (!scheme.find()) {
      return NONE;
    }
    Map<String, String> found = new TreeMap<>();
    Matcher parameter = PARAMETER.matcher(field.substring(scheme.end()));
    while (parameter.find()) {
      String quoted = parameter.group(2);
      found.putIfAbsent(
          parameter.group(1).toLowerCase(Locale.ROOT),
          quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
    }
    return new BearerChallenge(found);
  }

  /** Where the metadata of the resource is. */
  Optional<String> resourceMetadata() {
    return Optional.ofNullable(parameters.get("resource_metadata"));
  }

  /** The scopes that the request needs. */
  public Optional<String> scope() {
    return Optional.ofNullable(parameters.get("scope")).filter(scope -> !scope.isBlank());
  }

  /** Whether the token is valid, but lacks a scope that the request needs. */
  public boolean isScopeMissing() {
    return "insufficient_scope".equals(parameters.get("error"));
  }
}
