/**
 * What clients did and saw while a cluster was at fault, and what the server's promises say about
 * it. Pure: a history in, violations and figures out.
 */
@org.jspecify.annotations.NullMarked
package dev.parley.chaos.history;
