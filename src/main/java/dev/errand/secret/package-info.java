/** Keeps what must not be read at rest: sealed with AES-256-GCM under the operator's master key. */
@NullMarked
package dev.errand.secret;

import org.jspecify.annotations.NullMarked;
