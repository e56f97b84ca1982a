package dev.parley.client;

import org.jspecify.annotations.Nullable;

/** Something that was asked of a server did not come about; the text says why. */
public class ParleyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ParleyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
