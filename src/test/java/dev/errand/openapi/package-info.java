/** Tests of the API's document, and of the service against it. */
@NullMarked
package dev.errand.openapi;

import org.jspecify.annotations.NullMarked;
