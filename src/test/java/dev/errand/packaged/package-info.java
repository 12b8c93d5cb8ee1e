/** Tests of the application as it is packaged: a jar, or with {@code -Dnative} an executable. */
@NullMarked
package dev.errand.packaged;

import org.jspecify.annotations.NullMarked;
