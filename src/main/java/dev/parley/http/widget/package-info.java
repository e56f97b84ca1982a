/**
 * The webchat widget as browsers load it, and a page that shows it (web-runtime.md section 5). What
 * the widget does is in {@code src/main/resources/widget}; it speaks to the other faces only.
 */
@NullMarked
package dev.parley.http.widget;

import org.jspecify.annotations.NullMarked;
