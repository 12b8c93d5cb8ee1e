/** Channels of a profile: where notices are sent, such as an e-mail address or a chat's webhook. */
@NullMarked
package dev.errand.automation.channel;

import org.jspecify.annotations.NullMarked;
