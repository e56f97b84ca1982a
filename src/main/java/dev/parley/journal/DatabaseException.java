package dev.parley.journal;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot be used as things stand. The message is written for the person who started
 * the server: what was found, what is wanted, what to do. It never contains a password.
 */
public final class DatabaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseException(String message) {
    this(message, null);
  }

  DatabaseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
