/** What OAuth is about here: the addresses of MCP, their metadata, challenges and errors. */
@NullMarked
package dev.errand.identity.oauth.resource;

import org.jspecify.annotations.NullMarked;
