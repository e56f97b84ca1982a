package dev.parley.projection;

/** No store can say at the moment which sessions there are, or what has happened to them. */
public final class CatalogUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CatalogUnavailable(Throwable cause) {
    super("sessions can't be listed at the moment", cause);
  }
}
