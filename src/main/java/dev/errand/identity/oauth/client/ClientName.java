package dev.errand.identity.oauth.client;

import com.fasterxml.jackson.databind.JsonNode;

/** Reads what a client calls itself. */
final class ClientName {
  private static final int LONGEST = 100;

  private ClientName() {}

  /**
   * The name in the metadata of a client, on one line and cut to 100 characters: what could hide a
   * part of it or turn its direction is left out.
   *
   * @param otherwise what it is called where it says nothing
   */
  static String of(JsonNode metadata, String otherwise) {
    String name =
        metadata
            .path("client_name")
            .asText("")
            .replaceAll("[\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}\\p{Zl}\\p{Zp}]", "")
            .strip();
    String cut = name.length() > LONGEST ? name.substring(0, LONGEST - 1) + "…" : name;
    return cut.isEmpty() ? otherwise : cut.replaceAll("\\p{Cs}", "");
  }
}
