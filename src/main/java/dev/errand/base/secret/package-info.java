/**
 * Secrets at rest: sealed with AES-256-GCM under the operator's master key, and resealed under
 * another.
 */
@NullMarked
package dev.errand.base.secret;

import org.jspecify.annotations.NullMarked;
