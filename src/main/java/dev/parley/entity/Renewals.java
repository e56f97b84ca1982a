package dev.parley.entity;

import java.time.Instant;

/**
 * Renewals of one commit. Each is counted, and all leave the same end (eliza.md section 4).
 *
 * @param firstCount the session's renewal count with the first of them
 * @param lastCount likewise with the last
 */
public record Renewals(long firstCount, long lastCount, Instant expiresAt) {}
