/**
 * The command line: commands that ask a running server over HTTP, by its client. It knows nothing
 * of the server but what it answers, and where it keeps its secret key.
 */
@NullMarked
package dev.parley.cli;

import org.jspecify.annotations.NullMarked;
