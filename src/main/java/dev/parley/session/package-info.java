/**
 * The pure core: what a session is, which commands it accepts and what follows from them. Nothing
 * here knows Pekko, HTTP, SQL or a clock; {@code decide} and {@code apply} are total functions.
 */
@NullMarked
package dev.parley.session;

import org.jspecify.annotations.NullMarked;
