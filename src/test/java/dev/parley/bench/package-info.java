/**
 * Benchmarks: a load client against the packaged server, each figure beside the raw limit of the
 * machine in the same run. {@code mvn -Pbench verify} writes the table to {@code target/bench}.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.bench;
