package dev.errand.automation.channel;

import dev.errand.base.database.Sql;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import java.util.UUID;

/** The limits of messages in an hour, in which messages that test channels count like others. */
public interface HourLimits {
  /**
   * Counts a test message, until the end of whose transaction others to the address wait.
   *
   * @param address the digest of the channel's address
   * @throws ApiException {@link ErrorCode#RATE_LIMITED} where the hour does not allow it
   */
  void takeTest(Sql within, UUID profileId, UUID channelId, byte[] address);
}
