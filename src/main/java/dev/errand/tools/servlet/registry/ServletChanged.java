package dev.errand.tools.servlet.registry;

import dev.errand.tools.servlet.module.ContentAddress;
import java.util.Optional;

/** Event: the newest version of a servlet changed. It is fired within that transaction. */
public record ServletChanged(Servlet servlet, Optional<ContentAddress> newest) {}
