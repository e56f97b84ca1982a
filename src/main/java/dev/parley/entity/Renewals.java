package dev.parley.entity;

import java.time.Instant;

/**
 * Consecutive renewals that leave the same end, each counted (eliza.md section 4).
 *
 * @param firstCount the session's renewal count with the first of them
 * @param lastCount likewise with the last
 */
public record Renewals(long firstCount, long lastCount, Instant expiresAt) {}
