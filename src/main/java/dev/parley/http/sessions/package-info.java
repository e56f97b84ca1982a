/** The control plane: sessions and public tokens (trigger.md sections 2.2 and 3). */
@NullMarked
package dev.parley.http.sessions;

import org.jspecify.annotations.NullMarked;
