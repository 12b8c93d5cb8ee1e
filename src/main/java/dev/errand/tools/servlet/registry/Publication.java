package dev.errand.tools.servlet.registry;

import dev.errand.base.error.ApiException;
import dev.errand.base.field.NameRule;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.module.ContentAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to publish a version. Null keeps the present value; for a new servlet it means empty,
 * and private visibility.
 *
 * @param visibility {@link Servlet#PUBLIC} or {@link Servlet#PRIVATE}
 */
public record Publication(
    String owner,
    String name,
    @Nullable String description,
    @Nullable String visibility,
    @Nullable List<String> domains,
    @Nullable List<String> config,
    byte[] wasm) {
  private static final int LONGEST_DESCRIPTION = 2_000;
  private static final int LONGEST_KEY = 128;
  private static final int MOST_LISTED = 100;

  /**
   * The hosts of a list, each checked.
   *
   * @param field the name of the list in the request
   * @throws ApiException naming the first that is not a host
   */
  public static List<String> checkedDomains(String field, List<String> domains) {
    if (domains.size() > MOST_LISTED) {
      throw ApiException.invalid(field, "may list at most " + MOST_LISTED + " hosts");
    }
    List<String> checked = new ArrayList<>();
    for (String domain : domains) {
      try {
        String host = Grant.checkedHost(domain == null ? "" : domain);
        if (!checked.contains(host)) {
          checked.add(host);
        }
      } catch (IllegalArgumentException e) {
        throw ApiException.invalid(
            field,
            "\"%s\" %s; a domain is a host, *.domain for all below it, or * for any"
                .formatted(domain, e.getMessage()));
      }
    }
    return List.copyOf(checked);
  }

  /** The key of a setting, checked. */
  public static String checkedKey(String field, String key) {
    if (key.isBlank()
        || key.length() > LONGEST_KEY
        || key.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      throw ApiException.invalid(
          field, "a key is 1 to " + LONGEST_KEY + " characters without control characters");
    }
    return key;
  }

  /**
   * Applies the description to a servlet; fields that are null stay.
   *
   * @return whether that changed anything
   */
  boolean describe(Servlet servlet) {
    Map<String, Object> before = servlet.described();
    servlet.description = Objects.requireNonNullElse(description, servlet.description);
    servlet.visibility = Objects.requireNonNullElse(visibility, servlet.visibility);
    servlet.requiredDomains = Objects.requireNonNullElse(domains, servlet.requiredDomains);
    servlet.requiredConfig = Objects.requireNonNullElse(config, servlet.requiredConfig);
    return !before.equals(servlet.described());
  }

  /**
   * The content address of its bytes.
   *
   * @param expected the address that the publisher expects; null for any
   * @throws ApiException where it is another one
   */
  ContentAddress checkedAddress(@Nullable String expected) {
    ContentAddress address = ContentAddress.of(wasm);
    if (expected != null && !expected.equals(address.hex())) {
      throw ApiException.invalid(
          "address",
          "is not the SHA-256 of the body, which is %s over %s bytes"
              .formatted(address, wasm.length));
    }
    return address;
  }

  /** The same, with another owner. */
  Publication by(String other) {
    return new Publication(other, name, description, visibility, domains, config, wasm);
  }

  /** Checks all fields, and returns itself. */
  public Publication checked() {
    NameRule.PLAIN.check("name", "a servlet's name is", name);
    if (description != null
        && (description.length() > LONGEST_DESCRIPTION
            || description.chars().anyMatch(c -> c < 0x20 && c != '\n' && c != '\t'))) {
      throw ApiException.invalid(
          "description",
          "is at most " + LONGEST_DESCRIPTION + " characters without control characters");
    }
    if (visibility != null
        && !visibility.equals(Servlet.PUBLIC)
        && !visibility.equals(Servlet.PRIVATE)) {
      throw ApiException.invalid("visibility", "must be public or private");
    }
    if (config != null && config.size() > MOST_LISTED) {
      throw ApiException.invalid("config", "may list at most " + MOST_LISTED + " keys");
    }
    return new Publication(
        owner,
        name,
        description,
        visibility,
        domains == null ? null : checkedDomains("domains", domains),
        config == null
            ? null
            : config.stream().map(key -> checkedKey("config", key)).distinct().toList(),
        wasm);
  }
}
