/** What the log looks like: text for people, or one JSON object a line for machines. */
@NullMarked
package dev.parley.ops.logs;

import org.jspecify.annotations.NullMarked;
