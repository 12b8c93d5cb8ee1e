package dev.errand.identity.signin;

import io.quarkus.security.credential.Credential;

/** The session of a request, as its security identity carries it. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record SessionCredential(byte[] tokenHash) implements Credential {}
