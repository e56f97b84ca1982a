/**
 * What all faces share on the wire: the order of checks, error shapes, CORS, bodies and their
 * limits, and server-sent events.
 */
@NullMarked
package dev.parley.http.shared;

import org.jspecify.annotations.NullMarked;
