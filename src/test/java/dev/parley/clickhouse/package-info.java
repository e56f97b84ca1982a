/**
 * A real ClickHouse for tests, without a server or Docker: {@link
 * dev.parley.clickhouse.TestClickHouse} starts a small process that loads the engine as a library
 * and speaks ClickHouse's HTTP interface on 127.0.0.1. Nothing here is part of the product.
 */
@NullMarked
package dev.parley.clickhouse;

import org.jspecify.annotations.NullMarked;
