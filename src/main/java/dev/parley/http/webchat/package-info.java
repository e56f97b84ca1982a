/**
 * The webchat on the wire: what its organizations and events are, the sessions of visitors, and the
 * text that brings the widget into a page (web-runtime.md section 5, across.md section 6). Its
 * sessions are messaging sessions. Errors have the shape of the control plane.
 */
@NullMarked
package dev.parley.http.webchat;

import org.jspecify.annotations.NullMarked;
