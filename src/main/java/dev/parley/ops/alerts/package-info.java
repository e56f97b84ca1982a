/**
 * Tells people of errors, over Sentry and Telegram (web-runtime.md section 8). Whoever causes an
 * alert neither waits for it nor learns what becomes of it.
 */
@NullMarked
package dev.parley.ops.alerts;

import org.jspecify.annotations.NullMarked;
