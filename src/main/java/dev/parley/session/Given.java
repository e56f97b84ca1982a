package dev.parley.session;

import org.jspecify.annotations.Nullable;

/**
 * A field that the caller did give, possibly as null. A nullable {@code Given} tells "leave it"
 * from "clear it".
 */
public record Given<T extends @Nullable Object>(T value) {}
