/** The channels of a session: append, follow, drain (trigger.md section 4). */
@NullMarked
package dev.parley.http.channels;

import org.jspecify.annotations.NullMarked;
