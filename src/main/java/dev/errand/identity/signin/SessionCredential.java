package dev.errand.identity.signin;

import io.quarkus.security.credential.Credential;

/**
 * The session of a request, as its security identity carries it.
 *
 * @param tokenHash the hash of its token
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record SessionCredential(byte[] tokenHash) implements Credential {}
