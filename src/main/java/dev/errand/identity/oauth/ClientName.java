package dev.errand.identity.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.json.WellFormed;

/** Reads the name in the metadata of a client. */
final class ClientName {
  private static final int LONGEST = 100;

  private ClientName() {}

  /**
   * The name in the metadata of a client, on one line and cut to 100 characters, without characters
   * that could hide a part of it or change its direction.
   *
   * @param otherwise the name of a client without one
   */
  static String of(JsonNode metadata, String otherwise) {
    String name =
        metadata
            .path("client_name")
            .asText("")
            .replaceAll("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}]", "")
            .strip();
    String cut = WellFormed.cut(name, LONGEST);
    return cut.isEmpty() ? otherwise : cut;
  }
}
