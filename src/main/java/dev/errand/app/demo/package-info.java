/** The demo model of development builds, which needs no key. */
@NullMarked
package dev.errand.app.demo;

import org.jspecify.annotations.NullMarked;
