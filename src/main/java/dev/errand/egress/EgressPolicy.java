package dev.errand.egress;

/** Which host, port and address may be called. */
public interface EgressPolicy {}
