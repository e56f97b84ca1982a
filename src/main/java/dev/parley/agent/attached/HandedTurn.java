package dev.parley.agent.attached;

import dev.parley.agent.OpenTurn;

/**
 * A turn as its worker gets it.
 *
 * @param takenOver whether another worker had it before, which may have written a part of the
 *     answer
 */
public record HandedTurn(OpenTurn turn, boolean takenOver) {}
