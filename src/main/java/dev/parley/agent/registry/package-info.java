/**
 * The agents that are registered by API: one persistent actor for each environment decides and
 * keeps them in the journal, and every node follows it, so that the registry can be asked without
 * waiting. Agents of the configuration are the operator's; here they can only be started and
 * stopped.
 */
@NullMarked
package dev.parley.agent.registry;

import org.jspecify.annotations.NullMarked;
