/** The server as a whole: its settings and the page where everything is put together. */
@NullMarked
package dev.parley;

import org.jspecify.annotations.NullMarked;
