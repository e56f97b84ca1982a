package dev.parley.entity;

import dev.parley.session.Activity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive renewals of one cause that leave the same end, each counted (eliza.md section 4).
 *
 * @param firstCount the session's renewal count with the first of them
 * @param lastCount likewise with the last
 * @param cause null when it is forgotten, as it is when the session restarts
 */
public record Renewals(
    long firstCount, long lastCount, Instant expiresAt, @Nullable Activity cause) {}
