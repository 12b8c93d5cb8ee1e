/**
 * The resources that OAuth protects: the addresses of MCP, with their metadata, challenges and
 * errors.
 */
@NullMarked
package dev.errand.identity.oauth.resource;

import org.jspecify.annotations.NullMarked;
