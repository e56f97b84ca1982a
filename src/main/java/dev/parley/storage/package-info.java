/**
 * Uploaded files: their rows in PostgreSQL, their bytes there or in a directory, and the worker
 * that clears away what is not wanted any more.
 */
@NullMarked
package dev.parley.storage;

import org.jspecify.annotations.NullMarked;
