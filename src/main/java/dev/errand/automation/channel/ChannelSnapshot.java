package dev.errand.automation.channel;

import dev.errand.base.http.Tagged;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;

/** A channel as the database had it. */
@RegisterForReflection
record ChannelSnapshot(
    UUID id, UUID profileId, String name, ChannelContent content, Instant createdAt, long etag)
    implements Tagged {

  static String addressContext(UUID id) {
    return "channel/" + id + "/address";
  }

  static String secretContext(UUID id) {
    return "channel/" + id + "/secret";
  }

  @Override
  public String toString() {
    return "ChannelSnapshot[" + id + ", " + content.kind().code() + "]";
  }
}
