package dev.errand.egress;

/** How a host is written where calls to it are granted, see {@link GuardedHttp.Request#hosts()}. */
public final class HostNotation {
  private HostNotation() {}

  /**
   * A host as it was written, without the space around it.
   *
   * @throws IllegalArgumentException when it is none; the message continues "the host …"
   */
  public static String checked(String host) {
    String stripped = host.strip();
    HostPattern.parse(stripped);
    return stripped;
  }
}
