package dev.errand.tools.mcp;

import dev.errand.base.secret.SealBrokenException;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretBox;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;

/**
 * Names a run to a remote server, which may pass the name on to this service. Nobody else can read
 * or make one.
 */
@Singleton
public class RunReferences {
  private static final String CONTEXT = "run-reference";

  private final SecretBox box;

  RunReferences(SecretBox box) {
    this.box = box;
  }

  String of(long runId) {
    byte[] number = ByteBuffer.allocate(Long.BYTES).putLong(runId).array();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(box.sealBytes(number, CONTEXT).bytes());
  }

  /** The run that a reference names; empty where another service has made it. */
  public Optional<Long> runId(String reference) {
    try {
      byte[] sealed = Base64.getUrlDecoder().decode(reference);
      return Optional.of(ByteBuffer.wrap(box.openBytes(new Sealed(sealed), CONTEXT)).getLong());
    } catch (IllegalArgumentException | SealBrokenException e) {
      return Optional.empty();
    }
  }
}
