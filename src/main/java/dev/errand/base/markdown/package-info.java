/** Markdown of models, tools and users, rendered so that it is safe to show. */
@NullMarked
package dev.errand.base.markdown;

import org.jspecify.annotations.NullMarked;
