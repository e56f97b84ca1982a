package dev.parley.entity.limit;

import java.time.Duration;

/**
 * The answer of the actor of a key.
 *
 * @param count in this window, the one that asked included; one more than the limit when it is
 *     refused
 * @param untilReset how long until the window ends
 */
record Taken(long count, Duration untilReset) {}
