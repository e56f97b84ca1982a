package dev.parley.entity.webchat;

import org.jspecify.annotations.Nullable;

/**
 * What an event answers to every question.
 *
 * @param before where it led until it was asked; null for nowhere
 * @param now where it leads; null for nowhere
 */
public record EntryPointReply(@Nullable EntryPoint before, @Nullable EntryPoint now) {}
