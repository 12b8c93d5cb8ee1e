package dev.errand.identity.oauth;

import dev.errand.base.database.Row;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A grant whose row is locked for this transaction.
 *
 * @param clientId the id of the row of its client
 * @param codeUsedAt when its code was used; null for not yet
 */
record HeldGrant(
    UUID id,
    UUID clientId,
    Set<Scope> scopes,
    String resource,
    String redirectUri,
    String challenge,
    Instant codeExpiresAt,
    @Nullable Instant codeUsedAt,
    Caller user) {
  static HeldGrant of(Row row) {
    return new HeldGrant(
        row.id("id"),
        row.id("client_id"),
        row.texts("scopes").stream().map(Scope::of).collect(Collectors.toUnmodifiableSet()),
        row.text("resource"),
        row.text("redirect_uri"),
        row.text("challenge"),
        row.time("code_expires_at"),
        row.timeOrNull("code_used_at"),
        Caller.of(row.id("account_id"), row));
  }
}
