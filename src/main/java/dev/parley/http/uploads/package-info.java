/**
 * Uploads and files (across.md section 9): multipart bodies go to storage as they come, types are
 * decided from bytes, and files are served so that they can do no harm to who looks at them.
 */
@NullMarked
package dev.parley.http.uploads;

import org.jspecify.annotations.NullMarked;
