/**
 * What happens to sessions, records included: the projection that reads every event of the journal
 * without its records, and what it keeps of that in PostgreSQL when there is no ClickHouse.
 */
@NullMarked
package dev.parley.projection.activity;

import org.jspecify.annotations.NullMarked;
