/**
 * Attached agents: processes outside that hold a lease, ask for turns and answer them by writing to
 * {@code .out}. One actor for each agent knows in memory who lives and who has which turn; workers
 * and the owners of turns tell it again when it was lost.
 */
@NullMarked
package dev.parley.agent.attached;

import org.jspecify.annotations.NullMarked;
