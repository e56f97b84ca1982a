/**
 * How one request is followed over nodes to the commit and to those who read: OpenTelemetry, taken
 * apart so far that nothing of it is touched while it is off.
 */
@NullMarked
package dev.parley.tracing;

import org.jspecify.annotations.NullMarked;
