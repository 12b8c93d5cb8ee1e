package dev.errand.base.egress.address;

import dev.errand.base.egress.client.GuardedHttp;
import java.util.List;
import java.util.regex.Pattern;

/** How a host is written where calls to it are granted, see {@link GuardedHttp.Request#hosts()}. */
public final class HostNotation {
  private static final Pattern PORT = Pattern.compile("([^:]*|\\[.*\\]):[0-9]*");

  private HostNotation() {}

  /**
   * Whether a host, as it is written in a list, is granted by one of the hosts of another list.
   *
   * @param wanted a host, {@code *.domain} or {@code *}
   */
  public static boolean covers(List<String> granted, String wanted) {
    if (granted.contains(wanted) || granted.contains("*")) {
      return true;
    }
    try {
      HostName host = HostName.parse(wanted);
      return granted.stream()
          .flatMap(pattern -> HostPattern.tryParse(pattern).stream())
          .anyMatch(pattern -> pattern.covers(host));
    } catch (IllegalArgumentException patternItself) {
      return false;
    }
  }

  /**
   * A host as it was written, without the space around it.
   *
   * @throws IllegalArgumentException when it is none; the message continues "the host …"
   */
  public static String checked(String host) {
    String stripped = host.strip();
    if (stripped.contains("://")) {
      throw new IllegalArgumentException("has a scheme before it: write the host alone");
    }
    if (PORT.matcher(stripped).matches()) {
      throw new IllegalArgumentException("has a port after it: write the host alone");
    }
    HostPattern.parse(stripped);
    return stripped;
  }
}
