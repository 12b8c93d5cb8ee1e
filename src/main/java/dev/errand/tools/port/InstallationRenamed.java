package dev.errand.tools.port;

import java.util.List;
import java.util.UUID;

/**
 * An installation gets another name, and models call its tools by others. It is fired in the
 * transaction that renames; an observer that throws an {@link dev.errand.base.error.ApiException}
 * refuses it.
 *
 * @param tools the names that the servlet or server gives its tools
 */
public record InstallationRenamed(UUID profileId, String from, String to, List<String> tools) {}
