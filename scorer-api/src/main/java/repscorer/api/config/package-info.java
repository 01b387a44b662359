/**
 * The YAML files of a service, read into checked values: settings, spaces, surfaces and experiments. Nothing here starts
 * anything or knows HTTP; a mistake is told once, with file and line. Start at {@link repscorer.api.config.ServiceConfig}.
 */
@NullMarked
package repscorer.api.config;

import org.jspecify.annotations.NullMarked;
