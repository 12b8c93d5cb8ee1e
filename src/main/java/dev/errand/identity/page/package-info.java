/**
 * What all HTML pages share (frame, assets, tickets of forms, pages for errors), the addresses of
 * the console, and the pages on which people sign in and out, choose a password by a link, and the
 * first of them sets the service up.
 */
@NullMarked
package dev.errand.identity.page;

import org.jspecify.annotations.NullMarked;
