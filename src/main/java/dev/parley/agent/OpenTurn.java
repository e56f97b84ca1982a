package dev.parley.agent;

import org.jspecify.annotations.Nullable;

/**
 * A turn that waits for an attached worker to answer it.
 *
 * @param agentId UUID in any spelling
 * @param session the session's friendly id
 * @param externalId the id its creator gave it, or null
 * @param inSeq the number of the message on {@code .in}
 * @param attempt counted by the session; a later one takes the place of an earlier one
 */
public record OpenTurn(
    String environmentId,
    String agentId,
    String session,
    @Nullable String externalId,
    long inSeq,
    int attempt) {}
