/**
 * Who answers: the registry of agents, what a turn is, and the adapters that produce an answer
 * (echo, webhook, OpenAI-compatible endpoint); and the posts that tell others of an event. An
 * adapter turns one message into one stream of outputs and knows nothing of how they are stored.
 * What leaves the server goes to addresses that {@link dev.parley.agent.OutgoingAddress} permits.
 */
@NullMarked
package dev.parley.agent;

import org.jspecify.annotations.NullMarked;
