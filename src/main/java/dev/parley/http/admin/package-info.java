/** Routes by which operators look after the server itself; see also {@code http.agents}. */
@NullMarked
package dev.parley.http.admin;

import org.jspecify.annotations.NullMarked;
