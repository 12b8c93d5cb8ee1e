package dev.errand.automation.channel;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A channel of a profile, opened to be sent to.
 *
 * @param address the e-mail address or the URL
 * @param secret what signs or authorizes a message, as the kind says; null for none
 * @param isConfirmed whether the recipient confirmed an e-mail address; true for other kinds
 * @param baseUrl the address of the service in the request that registered it; null for none
 */
public record OpenChannel(
    UUID id,
    String name,
    ChannelKind kind,
    String address,
    @Nullable String secret,
    boolean isConfirmed,
    @Nullable String baseUrl) {
  @Override
  public String toString() {
    return "OpenChannel[" + id + ", " + kind.code() + "]";
  }
}
