/** How the server is run and watched: what it counts, and later its health, alerts and shutdown. */
@NullMarked
package dev.parley.ops;

import org.jspecify.annotations.NullMarked;
