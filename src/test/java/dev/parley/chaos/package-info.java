/**
 * A cluster of real processes under load and faults, and what becomes of the server's promises. A
 * run follows a schedule that a seed decides, writes a history, and has it judged. {@code mvn
 * -Pchaos verify} makes many long runs; {@code ChaosIT} a short one.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.chaos;
