/**
 * The console as browsers load it. What it shows and does is in {@code src/main/resources/console};
 * it speaks to the other faces only, with the secret key that is typed into it.
 */
@NullMarked
package dev.parley.http.console;

import org.jspecify.annotations.NullMarked;
