/**
 * Sessions in ClickHouse: its HTTP interface, the tables, the projection that fills them, and the
 * lists and figures that come from there.
 */
@NullMarked
package dev.parley.projection.clickhouse;

import org.jspecify.annotations.NullMarked;
