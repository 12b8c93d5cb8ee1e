package dev.errand.tools.servlet.registry;

import dev.errand.tools.servlet.code.ContentAddress;
import java.util.Optional;

/**
 * Told within the transaction that changed which version of a servlet is the newest.
 *
 * @param servlet the servlet
 * @param newest the address of its newest version that is not yanked
 */
public record ServletChanged(Servlet servlet, Optional<ContentAddress> newest) {}
