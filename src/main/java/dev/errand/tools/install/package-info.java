/**
 * Installations: a profile's servlets and remote servers, what they need and may do, their tools,
 * trial calls, and what happens when the tools of a remote server change.
 *
 * <p>{@code InstallationService} has the operations on both kinds for a caller: rights,
 * transaction, audit. {@code Installer} installs servlets, lets them follow new versions, and
 * locks, names, changes and removes any installation; {@code RemoteInstaller} adds what only a
 * remote server has: it asks the server first, and stores its address and credentials. {@code
 * InstallationUpdater} is below both, and applies the fields of a request: version, hosts,
 * settings, disabled tools.
 *
 * <p>The tools of a remote server are pinned. {@code RemoteHousekeeping} takes the servers that are
 * due for a check, and renews OAuth credentials that expire soon. {@code RemoteChecks} lists the
 * tools of one server, for it or for a caller, who also accepts changes by it. {@code ToolPins}
 * compares the list with the pinned one, and stores what follows: a new pin, a change that waits,
 * or a suspension.
 */
@NullMarked
package dev.errand.tools.install;

import org.jspecify.annotations.NullMarked;
