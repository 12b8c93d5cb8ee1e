package dev.errand.tools.port;

import java.util.UUID;

/**
 * Tools of an installation can't be called any more as they were: it was uninstalled, some of its
 * tools were switched off, all of them are off until somebody accepts how they have changed, or its
 * server has another address. It is fired in the transaction that does so.
 */
public record InstallationGone(UUID installationId) {}
