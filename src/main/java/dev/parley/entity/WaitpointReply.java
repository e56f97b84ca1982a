package dev.parley.entity;

import dev.parley.session.Waitpoint;
import org.jspecify.annotations.Nullable;

/**
 * A waitpoint as it is now.
 *
 * @param waitpoint null when there is none with that id
 */
public record WaitpointReply(@Nullable Waitpoint waitpoint) {}
