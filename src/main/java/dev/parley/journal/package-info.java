/**
 * What is stored and how it is read back: the protobuf form of events and snapshots, the reader of
 * channels over the journal, the schema and its migrations, and the embedded PostgreSQL.
 */
@NullMarked
package dev.parley.journal;

import org.jspecify.annotations.NullMarked;
