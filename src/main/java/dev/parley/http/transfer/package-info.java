/**
 * Copies of sessions as lines of JSON, out of a server and into one. What the lines mean stands in
 * {@code src/docs/export-format.md}.
 */
@NullMarked
package dev.parley.http.transfer;

import org.jspecify.annotations.NullMarked;
