/**
 * Channels of a profile: where notices are sent, such as an e-mail address or a chat's webhook.
 *
 * <p>{@link dev.errand.automation.channel.ChannelService} has the operations of the API, and {@code
 * ChannelEditor} checks and stores what a request wants. {@code Confirmations} asks the recipients
 * of e-mail, who answer on pages, by {@code RecipientService}. {@link
 * dev.errand.automation.channel.Channels} opens a channel, to which {@link
 * dev.errand.automation.channel.ChannelSenders} sends by the {@link
 * dev.errand.automation.channel.ChannelSender} of its kind. Each of these shows a {@code
 * ShownMessage}, whose texts can't form links, and escapes what its receiver would read as markup.
 */
@NullMarked
package dev.errand.automation.channel;

import org.jspecify.annotations.NullMarked;
