/**
 * What all HTML pages share (frame, assets, tickets of forms, pages for errors), the addresses of
 * the console, and the page on which people sign in and out, and choose a password by a link.
 */
@NullMarked
package dev.errand.identity.page;

import org.jspecify.annotations.NullMarked;
