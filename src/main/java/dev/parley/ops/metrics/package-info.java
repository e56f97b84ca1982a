/**
 * The meters of a node, by what they look at. Each holds its meters in fields, so that counting
 * looks nothing up. They are listed in {@code src/docs/metrics.md}.
 */
@NullMarked
package dev.parley.ops.metrics;

import org.jspecify.annotations.NullMarked;
