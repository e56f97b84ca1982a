/**
 * What is read across sessions: the projection that follows the journal's lifecycle events, the
 * index it keeps, and {@link dev.parley.projection.SessionCatalog}, by which sessions are listed
 * whatever store holds the index.
 */
@NullMarked
package dev.parley.projection;

import org.jspecify.annotations.NullMarked;
