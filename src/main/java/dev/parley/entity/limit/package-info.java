/**
 * How often something may be done in a while, counted over the whole cluster. One actor for each
 * key counts in memory; nothing of it is stored, so a count is lost with its node, when it moves,
 * and when too many others are counted besides. What may be done when nobody can say the count is
 * what tells {@link dev.parley.entity.limit.Limits} from {@link dev.parley.entity.limit.Throttle}.
 */
@NullMarked
package dev.parley.entity.limit;

import org.jspecify.annotations.NullMarked;
