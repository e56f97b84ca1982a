/** The test clock's one route (across.md section 11), which exists only where it is switched on. */
@org.jspecify.annotations.NullMarked
package dev.parley.http.clock;
