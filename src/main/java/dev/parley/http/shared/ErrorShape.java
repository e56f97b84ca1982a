package dev.parley.http.shared;

import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** How a face words the errors that any of its routes can run into. */
public interface ErrorShape {
  /**
   * @param allowed the methods there are, for the {@code Allow} header
   */
  HttpResponse methodNotAllowed(HttpMethod used, String allowed);

  /**
   * 413.
   *
   * @param maxBytes that a body may hold here
   */
  HttpResponse bodyTooLarge(long maxBytes);

  /** 400: the body broke off or did not arrive in time. */
  HttpResponse bodyIncomplete();

  /** 503: the session did not answer in time; the client may try again. */
  HttpResponse notAnswering();

  /** 500, without a word about the cause, which is in the log. */
  HttpResponse internalError();
}
